from collections.abc import Iterator

import pytest
from datastructures import CircularBuffer, LRUCache, Queue, Stack


@pytest.fixture
def stack() -> Stack[int]:
    return Stack([1, 2])


@pytest.fixture
def cache() -> Iterator[LRUCache]:
    yield LRUCache(2, a=1, b=2)


def test_a_stack_pops_what_was_pushed_last(stack: Stack[int]) -> None:
    stack.push(3)
    assert stack.peek == 3
    assert [stack.pop() for _ in range(3)] == [3, 2, 1]


def test_a_stack_is_false_when_it_is_empty(stack: Stack[int]) -> None:
    stack.clear()
    assert not stack
    with pytest.raises(IndexError):
        stack.pop()


@pytest.mark.parametrize("items", ["", "a", "abc"])
def test_a_queue_keeps_the_order(items: str) -> None:
    queue: Queue[str] = Queue()
    queue += items
    assert len(queue) == len(items)
    assert "".join(queue) == items


def test_an_empty_queue_gives_the_default() -> None:
    queue: Queue[int] = Queue()
    assert queue.get(7) == 7
    with pytest.raises(LookupError):
        queue.get()


def test_a_cache_forgets_what_was_not_looked_up(cache: LRUCache) -> None:
    assert cache["a"] == 1
    cache["c"] = 3
    assert set(cache) == {"a", "c"}


def test_a_cache_keeps_all_when_a_value_changes(cache: LRUCache) -> None:
    cache["a"] = 5
    assert dict(cache.items()) == {"a": 5, "b": 2}


@pytest.mark.parametrize(("size", "kept"), [(1, [4]), (3, [2, 3, 4]), (9, [0, 1, 2, 3, 4])])
def test_a_buffer_keeps_the_newest(size: int, kept: list[int]) -> None:
    buffer: CircularBuffer[int] = CircularBuffer(maxlen=size)
    for number in range(5):
        buffer.append(number)
    assert list(buffer) == kept
    assert buffer[0] == kept[0]
    assert buffer.full is (size < 9)


def test_a_buffer_gives_the_newest() -> None:
    assert CircularBuffer("abc", maxlen=2).get() == "c"
