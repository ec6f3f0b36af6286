import pytest
from datastructures import CircularBuffer, LRUCache, Queue, Stack
from sequences import EmptyError


@pytest.mark.parametrize(("kind", "expected"), [(Stack, [3, 2, 1]), (Queue, [1, 2, 3])])
def test_order(kind, expected):
    items = kind([1, 2, 3])
    assert [items.take() for _ in range(3)] == expected


@pytest.mark.parametrize("kind", [Stack, Queue])
def test_empty(kind):
    with pytest.raises(EmptyError):
        kind().take()


@pytest.mark.parametrize("kind", [Stack, Queue])
def test_size(kind):
    items = kind("ab")
    assert items.size == 2
    assert "a" in items
    items.take()
    assert not items.is_empty


def test_cache_miss():
    cache = LRUCache(limit=1)
    with pytest.raises(KeyError):
        cache.get(1)
    assert cache.get(1, None) is None


def test_cache_eviction():
    cache = LRUCache(limit=2)
    cache.set(1, "a")
    cache.set(2, "b")
    cache.get(1)
    cache.set(3, "c")
    assert cache.get(1) == "a"
    assert cache.get(2, "gone") == "gone"


def test_cache_length():
    cache = LRUCache(limit=3)
    for key in range(10):
        cache.set(key, key)
    assert len(cache) == 3


@pytest.mark.parametrize(("count", "expected"), [(0, []), (2, [0, 1]), (3, [0, 1, 2]), (7, [4, 5, 6])])
def test_ring(count, expected):
    ring = CircularBuffer(3)
    for number in range(count):
        ring.append(number)
    assert ring.get() == expected


def test_ring_of_one():
    ring = CircularBuffer(1)
    ring.append("a")
    ring.append("b")
    assert ring.get() == ["b"]
