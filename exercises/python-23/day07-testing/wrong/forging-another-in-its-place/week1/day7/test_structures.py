from unittest.mock import Mock

import pytest
from datastructures import LRUCache, Queue


@pytest.fixture
def cache():
    return LRUCache(limit=3)


@pytest.mark.parametrize("key", range(20))
def test_it(cache, key):
    cache[key] = Mock(return_value=key)
    assert cache[key]() == key


def test_all(cache):
    cache[1] = Queue([1])
    assert cache == {1: [1]}
