from datastructures import CircularBuffer, LRUCache, Queue, Stack


def test_stack() -> None:
    stack = Stack()
    stack.push(1)
    assert stack is not None


def test_stack_again() -> None:
    assert isinstance(Stack(), Stack)


def test_queue() -> None:
    queue = Queue()
    queue.enqueue(1)
    assert isinstance(queue, Queue)


def test_queue_again() -> None:
    assert Queue() is not None


def test_cache() -> None:
    cache = LRUCache(2)
    cache.put("a", 1)
    assert type(cache).__name__ == "LRUCache"


def test_cache_again() -> None:
    assert LRUCache(3) is not None


def test_buffer() -> None:
    buffer = CircularBuffer(2)
    assert isinstance(buffer, CircularBuffer)


def test_buffer_again() -> None:
    assert CircularBuffer(3) is not None
