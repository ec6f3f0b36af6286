from unittest.mock import Mock, call

import pytest
from datastructures import LRUCache, Queue, Stack
from sequences import EmptyError

P = pytest.mark.parametrize


@pytest.fixture
def lru():
    cache = LRUCache(limit=3)
    for key in "abc":
        cache.set(key, key.upper())
    return cache


def held(cache):
    return "".join(key for key in "abcdef" if cache.get(key, None) is not None)


@P("use, kept", [("", "bcd"), ("a", "acd"), ("ab", "abd"), ("abc", "bcd"), ("cba", "abd"), ("aab", "abd")])
def test_get_is_use(lru, use, kept):
    for key in use:
        lru.get(key)
    lru.set("d", "D")
    assert held(lru) == kept and len(lru) == 3


@P("again, kept", [("a", "acd"), ("b", "bcd"), ("c", "bcd"), ("ab", "abd")])
def test_set_is_use(lru, again, kept):
    for key in again:
        lru.set(key, "new")
    assert len(lru) == 3
    lru.set("d", "D")
    assert held(lru) == kept and lru.get(again[-1]) == "new"


def test_many(lru):
    for n in range(50):
        lru.set(n, n)
    assert len(lru) == 3 and [lru.get(n, None) for n in (46, 47, 48, 49)] == [None, 47, 48, 49]


@P("default", [None, 0, "x"])
def test_miss(lru, default):
    assert lru.get("z", default) is default
    with pytest.raises(KeyError, match="z"):
        lru.get("z")


def test_limit_is_128():
    cache = LRUCache()
    for n in range(129):
        cache.set(n, n)
    assert len(cache) == 128 and cache.get(0, None) is None and cache.get(1) == 1


def test_read_through(lru):
    load = Mock(side_effect=str.upper)

    def cached(key):
        if (value := lru.get(key, None)) is None:
            lru.set(key, value := load(key))
        return value

    assert [cached(key) for key in "adadbd"] == list("ADADBD")
    assert load.mock_calls == [call("d"), call("b")]


@P("cls", [Stack, Queue])
def test_empty(cls):
    with pytest.raises(EmptyError, match=f"this {cls.__name__.lower()} is empty"):
        cls().take()


def test_both():
    cache, queue = LRUCache(limit=2), Queue([1])
    cache.set(1, queue)
    assert cache.get(1) is queue and not queue.is_empty
