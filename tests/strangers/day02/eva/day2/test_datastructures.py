from datastructures import *  # noqa: F403


def test_stack():
    s = Stack()  # noqa: F405
    assert s.isEmpty() is True
    s.push(1)
    s.push(2)
    assert s.peek() == 2
    assert s.getSize() == 2
    assert s.pop() == 2
    assert s.pop() == 1
    assert s.pop() is None


def test_queue():
    q = Queue()  # noqa: F405
    q.enqueue(1)
    q.enqueue(2)
    assert q.getSize() == 2
    assert q.dequeue() == 1
    assert q.dequeue() == 2
    assert q.dequeue() is None
    assert q.isEmpty()


def test_lru():
    c = LRUCache(2)  # noqa: F405
    c.put(1, "one")
    c.put(2, "two")
    assert c.get(1) == "one"
    c.put(3, "three")
    assert c.get(2) is None
    assert c.get(3) == "three"
    assert c.get(1) == "one"


def test_lru_same_key():
    c = LRUCache(2)  # noqa: F405
    c.put(1, "one")
    c.put(2, "two")
    c.put(1, "uno")
    c.put(3, "three")
    assert c.get(1) == "uno"
    assert c.get(2) is None


def test_circular():
    b = CircularBuffer(3)  # noqa: F405
    assert b.isEmpty()
    assert b.enqueue(1)
    assert b.enqueue(2)
    assert b.enqueue(3)
    assert b.isFull()
    assert b.enqueue(4) is False
    assert b.dequeue() == 1
    assert b.enqueue(4)
    assert b.dequeue() == 2
    assert b.dequeue() == 3
    assert b.dequeue() == 4
    assert b.dequeue() is None
