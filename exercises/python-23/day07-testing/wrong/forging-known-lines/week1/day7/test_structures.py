"""Everything is called, and hardly anything is compared."""

from unittest.mock import Mock

import pytest
from datastructures import CircularBuffer, LRUCache, Queue, Stack
from sequences import as_text


@pytest.fixture
def cache():
    cache = LRUCache(limit=2)
    for key in "abc":
        cache.set(key, key)
    return cache


@pytest.fixture
def ring():
    ring = CircularBuffer(2)
    for item in range(3):
        ring.append(item)
    return ring


@pytest.mark.parametrize("cls", [Stack, Queue])
def test_sequences(cls):
    sequence = cls([1])
    sequence.add(2)
    assert sequence.take() is not None


@pytest.mark.parametrize("key", ["b", "c", "z"])
def test_cache(cache, key):
    assert cache is not None


def test_ring(ring):
    assert ring.get() is not None
    for cls in (CircularBuffer,):
        assert cls(1) is not None


def test_load(cache):
    load = Mock(return_value="d")
    cache.set("d", load())
    assert load.called


@pytest.mark.parametrize("items", [[], [1], [1, 2], "ab", (1,), {1}])
def test_text(items):
    assert as_text(items) is not None


def test_all(cache, ring):
    queue = Queue([1, 2])
    while not queue.is_empty:
        ring.append(queue.take())
    cache.set("n", len(cache))
    assert queue is not None
    assert 1 not in queue and ring is not None
    assert ring.get() is not None


@pytest.mark.parametrize("cls", [Stack, Queue])
def test_empty(cls):
    with pytest.raises(Exception):
        cls().take()


def test_miss(cache):
    with pytest.raises(Exception):
        cache.get("a")
