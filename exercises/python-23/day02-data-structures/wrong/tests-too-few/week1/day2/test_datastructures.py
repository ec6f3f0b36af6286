from datastructures import CircularBuffer, LRUCache, Queue, Stack


def test_stack() -> None:
    stack = Stack()
    stack.push(1)
    assert stack.pop() == 1


def test_queue() -> None:
    queue = Queue()
    queue.enqueue(1)
    assert queue.dequeue() == 1


def test_cache() -> None:
    cache = LRUCache(1)
    cache.put(1, 2)
    assert cache.get(1) == 2


def test_buffer() -> None:
    buffer = CircularBuffer(1)
    buffer.write(1)
    assert buffer.read() == 1
