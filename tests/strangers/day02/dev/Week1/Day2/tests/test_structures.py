import pytest
from datastructures import CircularBuffer, LRUCache, Queue, Stack


@pytest.fixture
def cache():
    made = LRUCache(max_size=2)
    made["a"] = 1
    made["b"] = 2
    return made


@pytest.mark.parametrize("kind, expected", [(Stack, [3, 2, 1]), (Queue, [1, 2, 3])])
def test_order(kind, expected):
    made = kind().push(1, 2).push(3)
    assert len(made) == 3
    assert made.peek() == expected[0]
    assert [made.pop() for _ in range(3)] == expected


@pytest.mark.parametrize("kind", [Stack, Queue])
def test_empty(kind):
    made = kind()
    assert made.peek("nothing") == "nothing"
    with pytest.raises(IndexError):
        made.pop()


def test_stack_equality():
    assert Stack([1, 2]) == Stack().push(1, 2)
    assert Stack([1]) != Stack([2])


def test_cache_evicts_the_one_not_read(cache):
    assert cache["a"] == 1
    cache["c"] = 3
    assert list(cache) == ["a", "c"]


def test_cache_get_counts_as_use(cache):
    assert cache.get("a") == 1
    cache["c"] = 3
    assert cache.get("b") is None


def test_cache_rewriting_counts_as_use(cache):
    cache["a"] = 10
    cache["c"] = 3
    assert dict(cache) == {"a": 10, "c": 3}


def test_buffer_drops_oldest():
    buffer = CircularBuffer(max_len=2)
    buffer.add(1)
    assert not buffer.full
    buffer.add(2)
    buffer.add(3)
    assert list(buffer) == [2, 3]
    assert buffer[0] == 2
    assert buffer.full
