from unittest.mock import Mock

import pytest
from datastructures import CircularBuffer, LRUCache, Queue


@pytest.fixture
def cache():
    return LRUCache(limit=3)


@pytest.fixture
def ring():
    return CircularBuffer(3)


@pytest.mark.parametrize("size", range(12))
def test_size(cache, size):
    for number in range(size):
        cache.set(number, number)
    assert len(cache) == min(size, 3)


@pytest.mark.parametrize("size", range(4))
def test_ring(ring, size):
    for number in range(size):
        ring.append(number)
    assert ring.data == list(range(size))


def test_both(cache, ring):
    load = Mock(return_value="value")
    cache.set("a", load())
    ring.append(len(cache))
    load.assert_called_once_with()
    assert ring.data == [1]


def test_queue():
    assert Queue().size == 0
