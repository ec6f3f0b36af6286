from datastructures import CircularBuffer, LRUCache, Queue, Stack


class TestStack:
    def setup_method(self):
        self.s = Stack()
        self.s.push(1)
        self.s.push(2)

    def test_pop(self):
        assert self.s.pop() == 2
        assert self.s.pop() == 1

    def test_peek(self):
        assert self.s.peek() == 2

    def test_empty(self):
        self.s.pop()
        self.s.pop()
        assert self.s.pop() == "Stack is empty"


class TestQueue:
    def test_dequeue(self):
        q = Queue()
        q.enqueue(1)
        q.enqueue(2)
        assert q.dequeue() == 1
        assert q.size == 1

    def test_empty(self):
        assert Queue().dequeue() is None


class TestLRUCache:
    def test_leetcode(self):
        c = LRUCache(2)
        c.put(1, 1)
        c.put(2, 2)
        assert c.get(1) == 1
        c.put(3, 3)
        assert c.get(2) == -1
        c.put(4, 4)
        assert c.get(1) == -1
        assert c.get(3) == 3
        assert c.get(4) == 4

    def test_update(self):
        c = LRUCache(1)
        c.put(1, 1)
        c.put(1, 2)
        assert c.get(1) == 2


class TestCircularBuffer:
    def test_fifo(self):
        b = CircularBuffer(2)
        b.enqueue(1)
        b.enqueue(2)
        assert b.dequeue() == 1
        b.enqueue(3)
        assert b.dequeue() == 2
        assert b.dequeue() == 3

    def test_full(self, capsys):
        b = CircularBuffer(1)
        b.enqueue(1)
        b.enqueue(2)
        assert "full" in capsys.readouterr().out
        assert b.dequeue() == 1
        assert b.dequeue() is None
