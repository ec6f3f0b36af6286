import unittest

from datastructures import CircularBuffer, LRUCache, Queue, Stack


class StackTest(unittest.TestCase):
    def setUp(self):
        self.stack = Stack()

    def test_push_pop(self):
        self.stack.push(1)
        self.stack.push(2)
        self.assertEqual(self.stack.top(), 2)
        self.assertEqual(self.stack.pop(), 2)
        self.assertEqual(self.stack.pop(), 1)

    def test_pop_empty_gives_none(self):
        self.assertIsNone(self.stack.pop())
        self.assertIsNone(self.stack.top())


class QueueTest(unittest.TestCase):
    def test_order(self):
        queue = Queue()
        queue.add("x")
        queue.add("y")
        self.assertEqual(len(queue), 2)
        self.assertEqual(queue.first(), "x")
        self.assertEqual(queue.remove(), "x")
        self.assertEqual(queue.remove(), "y")
        self.assertIsNone(queue.remove())


class LRUCacheTest(unittest.TestCase):
    def test_eviction(self):
        cache = LRUCache(2)
        cache.set("a", 1)
        cache.set("b", 2)
        cache.get("a")
        cache.set("c", 3)
        self.assertIsNone(cache.get("b"))
        self.assertEqual(cache.get("a"), 1)
        self.assertEqual(cache.get("c"), 3)
        self.assertEqual(len(cache), 2)

    def test_overwrite_refreshes(self):
        cache = LRUCache(2)
        cache.set("a", 1)
        cache.set("b", 2)
        cache.set("a", 9)
        cache.set("c", 3)
        self.assertEqual(cache.get("a"), 9)
        self.assertEqual(cache.get("b", "gone"), "gone")


class CircularBufferTest(unittest.TestCase):
    def test_keeps_newest(self):
        ring = CircularBuffer(3)
        self.assertEqual(ring.to_list(), [])
        for n in range(1, 6):
            ring.push(n)
            self.assertEqual(len(ring), min(n, 3))
        self.assertEqual(ring.to_list(), [3, 4, 5])


if __name__ == "__main__":
    unittest.main()
