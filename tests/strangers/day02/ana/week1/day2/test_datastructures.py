import pytest

from datastructures import CircularBuffer, LRUCache, Queue, Stack


def test_stack_is_lifo():
    stack = Stack()
    for n in (1, 2, 3):
        stack.push(n)
    assert stack.peek() == 3
    assert [stack.pop(), stack.pop(), stack.pop()] == [3, 2, 1]
    assert stack.is_empty()


def test_stack_empty():
    with pytest.raises(IndexError):
        Stack().pop()
    with pytest.raises(IndexError):
        Stack().peek()


def test_queue_is_fifo():
    queue = Queue()
    queue.enqueue("a")
    queue.enqueue("b")
    assert queue.size() == 2
    assert queue.peek() == "a"
    assert queue.dequeue() == "a"
    assert queue.dequeue() == "b"
    assert queue.is_empty()


def test_queue_empty():
    with pytest.raises(IndexError):
        Queue().dequeue()


def test_lru_evicts_least_recently_used():
    cache = LRUCache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    assert cache.get("a") == 1
    cache.put("c", 3)
    assert cache.get("b") == -1
    assert cache.get("a") == 1
    assert cache.get("c") == 3


def test_lru_update():
    cache = LRUCache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    cache.put("a", 10)
    cache.put("c", 3)
    assert cache.get("a") == 10
    assert cache.get("b") == -1


def test_lru_bad_capacity():
    with pytest.raises(ValueError):
        LRUCache(0)


def test_circular_buffer_overwrites():
    buffer = CircularBuffer(3)
    for n in range(5):
        buffer.append(n)
    assert buffer.is_full()
    assert [buffer.get() for _ in range(3)] == [2, 3, 4]
    assert buffer.is_empty()


def test_circular_buffer_empty():
    with pytest.raises(IndexError):
        CircularBuffer(1).get()
