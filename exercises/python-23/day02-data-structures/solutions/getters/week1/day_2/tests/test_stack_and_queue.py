import unittest

from ..datastructures import EmptyStructureError, FullStructureError, Queue, Stack


class StackTest(unittest.TestCase):
    def setUp(self) -> None:
        self.stack: Stack[int] = Stack(2)

    def test_last_in_first_out(self) -> None:
        self.stack.push(1)
        self.stack.push(2)
        self.assertEqual(self.stack.top(), 2)
        self.assertEqual(self.stack.pop(), 2)
        self.assertEqual(self.stack.pop(), 1)

    def test_empty(self) -> None:
        self.assertTrue(self.stack.isEmpty())
        self.assertRaises(EmptyStructureError, self.stack.pop)
        self.assertRaises(EmptyStructureError, self.stack.top)

    def test_full(self) -> None:
        self.stack.push(1)
        self.stack.push(2)
        with self.assertRaises(FullStructureError):
            self.stack.push(3)
        self.assertEqual(self.stack.getSize(), 2)


class QueueTest(unittest.TestCase):
    def setUp(self) -> None:
        self.queue: Queue[str] = Queue()

    def test_first_in_first_out(self) -> None:
        self.assertTrue(self.queue.offer("a"))
        self.queue.offer("b")
        self.assertEqual(self.queue.peek(), "a")
        self.assertEqual([self.queue.poll(), self.queue.poll()], ["a", "b"])

    def test_empty(self) -> None:
        self.assertIsNone(self.queue.poll())
        self.assertIsNone(self.queue.peek())
        self.assertEqual(self.queue.getSize(), 0)


if __name__ == "__main__":
    unittest.main()
