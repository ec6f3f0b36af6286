from unittest.mock import Mock, call

import pytest
from datastructures import CircularBuffer, LRUCache, Queue, Stack
from sequences import EmptyError, as_text


@pytest.fixture
def filled():
    def fill():
        cache = LRUCache(limit=3)
        for key in "abc":
            cache.set(key, key.upper())
        return cache

    return fill


def held(cache):
    return "".join(key for key in "abcdef" if cache.get(key, None) is not None)


def test_get_is_use(filled):
    for use, kept in [("", "bcd"), ("a", "acd"), ("ab", "abd"), ("abc", "bcd"), ("cba", "abd"), ("aab", "abd")]:
        cache = filled()
        for key in use:
            cache.get(key)
        cache.set("d", "D")
        assert held(cache) == kept
        assert len(cache) == 3


def test_set_is_use(filled):
    for again, kept in [("a", "acd"), ("b", "bcd"), ("c", "bcd"), ("ab", "abd")]:
        cache = filled()
        for key in again:
            cache.set(key, "new")
        assert len(cache) == 3
        cache.set("d", "D")
        assert held(cache) == kept
        assert cache.get(again[-1]) == "new"


@pytest.fixture(params=[0, None])
def default(request):
    return request.param


def test_miss(filled, default):
    cache = filled()
    assert cache.get("z", default) == default
    with pytest.raises(KeyError):
        cache.get("z")


def test_limit_is_128():
    cache = LRUCache()
    for n in range(129):
        cache.set(n, n)
    assert len(cache) == 128
    assert cache.get(0, None) is None
    assert cache.get(1) == 1


def test_read_through(filled):
    cache, load = filled(), Mock(side_effect=str.upper)
    for key in "adadbd":
        if cache.get(key, None) is None:
            cache.set(key, load(key))
    assert load.mock_calls == [call("d"), call("b")]


def test_order():
    for cls, out in [(Stack, [3, 2, 1]), (Queue, [1, 2, 3])]:
        it = cls([1, 2])
        it.add(3)
        assert (it.size, it.is_empty, 3 in it, 4 in it) == (3, False, True, False)
        assert [it.take() for _ in out] == out
        assert it.is_empty
        with pytest.raises(EmptyError, match="is empty"):
            it.take()


def test_ring():
    for n, got in [(0, []), (2, [0, 1]), (3, [0, 1, 2]), (4, [1, 2, 3]), (5, [2, 3, 4]), (7, [4, 5, 6])]:
        ring = CircularBuffer(3)
        for item in range(n):
            ring.append(item)
        assert ring.get() == got


def test_text():
    assert as_text([]) == ""
    assert as_text([1, "a"]) == "1, 'a'"
