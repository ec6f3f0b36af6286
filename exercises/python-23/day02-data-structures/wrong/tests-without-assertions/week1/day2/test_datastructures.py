from datastructures import CircularBuffer, LRUCache, Queue, Stack


def test_stack_push() -> None:
    Stack().push(1)


def test_stack_pop() -> None:
    stack = Stack()
    stack.push(1)
    print(stack.pop())


def test_queue_enqueue() -> None:
    Queue().enqueue(1)


def test_queue_dequeue() -> None:
    queue = Queue()
    queue.enqueue(1)
    print(queue.dequeue())


def test_cache_put() -> None:
    LRUCache(2).put("a", 1)


def test_cache_get() -> None:
    assert True
    LRUCache(2).get("a")


def test_buffer_write() -> None:
    CircularBuffer(2).write(1)


def test_buffer_read() -> None:
    buffer = CircularBuffer(2)
    buffer.write(1)
    buffer.read()
