import pytest

from datastructures import CircularBuffer, LRUCache, Queue, Stack


def test_stack_is_last_in_first_out() -> None:
    stack = Stack()
    for item in (1, 2, 3):
        stack.push(item)
    assert [stack.pop(), stack.pop(), stack.pop()] == [3, 2, 1]


def test_stack_peek_leaves_the_item() -> None:
    stack = Stack()
    stack.push("a")
    assert stack.peek() == "a"
    assert len(stack) == 1
    assert not stack.is_empty()


def test_empty_stack_raises() -> None:
    with pytest.raises(IndexError):
        Stack().pop()
    with pytest.raises(IndexError):
        Stack().peek()


def test_queue_is_first_in_first_out() -> None:
    queue = Queue()
    for item in (1, 2, 3):
        queue.enqueue(item)
    assert [queue.dequeue(), queue.dequeue(), queue.dequeue()] == [1, 2, 3]


def test_queue_peek_leaves_the_item() -> None:
    queue = Queue()
    queue.enqueue("a")
    queue.enqueue("b")
    assert queue.peek() == "a"
    assert len(queue) == 2


def test_empty_queue_raises() -> None:
    queue = Queue()
    assert queue.is_empty()
    with pytest.raises(IndexError):
        queue.dequeue()


def test_cache_returns_what_was_put() -> None:
    cache = LRUCache(2)
    cache.put("a", 1)
    assert cache.get("a") == 1
    assert cache.get("b") is None
    assert cache.get("b", 0) == 0


def test_cache_evicts_the_least_recently_used() -> None:
    cache = LRUCache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    cache.get("a")
    cache.put("c", 3)
    assert "a" in cache
    assert "b" not in cache


def test_cache_update_does_not_evict() -> None:
    cache = LRUCache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    cache.put("a", 3)
    assert cache.get("a") == 3
    assert cache.get("b") == 2
    assert len(cache) == 2


def test_buffer_returns_the_oldest_first() -> None:
    buffer = CircularBuffer(3)
    buffer.write(1)
    buffer.write(2)
    assert buffer.read() == 1
    assert buffer.read() == 2
    assert buffer.is_empty()


def test_full_buffer_overwrites_the_oldest() -> None:
    buffer = CircularBuffer(3)
    for item in range(5):
        buffer.write(item)
    assert buffer.is_full()
    assert [buffer.read() for _ in range(len(buffer))] == [2, 3, 4]


def test_empty_buffer_raises() -> None:
    with pytest.raises(IndexError):
        CircularBuffer(1).read()


@pytest.mark.parametrize("structure", [LRUCache, CircularBuffer])
def test_capacity_must_be_positive(structure: type) -> None:
    with pytest.raises(ValueError):
        structure(0)
