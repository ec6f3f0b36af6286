import unittest

from ..datastructures import CircularBuffer, EmptyStructureError, FullStructureError, LRUCache


class LRUCacheTest(unittest.TestCase):
    def setUp(self) -> None:
        self.cache: LRUCache[str, int] = LRUCache(2)
        self.cache.setItem("a", 1)
        self.cache.setItem("b", 2)

    def test_values(self) -> None:
        self.assertEqual(self.cache.getValue("a"), 1)
        self.assertEqual(self.cache.getMaxEntries(), 2)

    def test_missing(self) -> None:
        with self.assertRaises(KeyError):
            self.cache.getValue("c")

    def test_eviction(self) -> None:
        self.cache.getValue("a")
        self.cache.setItem("c", 3)
        self.assertEqual(self.cache.getValue("a"), 1)
        self.assertRaises(KeyError, self.cache.getValue, "b")

    def test_update(self) -> None:
        self.cache.setItem("a", 5)
        self.assertEqual(self.cache.getValue("a"), 5)
        self.assertEqual(self.cache.getSize(), 2)


class CircularBufferTest(unittest.TestCase):
    def setUp(self) -> None:
        self.buffer: CircularBuffer[int] = CircularBuffer(2)

    def test_rounds(self) -> None:
        for number in range(10):
            self.buffer.add(number)
            self.assertEqual(self.buffer.remove(), number)

    def test_full(self) -> None:
        self.buffer.add(1)
        self.buffer.add(2)
        self.assertTrue(self.buffer.isFull())
        self.assertRaises(FullStructureError, self.buffer.add, 3)

    def test_empty(self) -> None:
        self.assertTrue(self.buffer.isEmpty())
        self.assertRaises(EmptyStructureError, self.buffer.remove)


if __name__ == "__main__":
    unittest.main()
