from unittest.mock import Mock, call

import pytest
from datastructures import CircularBuffer, LRUCache, Queue, Stack
from sequences import EmptyError, as_text

P = pytest.mark.parametrize


def filled():
    cache = LRUCache(limit=3)
    for key in "abc":
        cache.set(key, key.upper())
    return cache


@pytest.fixture
def lru():
    return filled()


def held(cache):
    return "".join(key for key in "abcdef" if cache.get(key, None) is not None)


@P("use, kept", [("", "bcd"), ("a", "acd"), ("ab", "abd"), ("abc", "bcd"), ("cba", "abd"), ("aab", "abd")])
def test_get_is_use(use, kept):
    lru = filled()
    for key in use:
        lru.get(key)
    lru.set("d", "D")
    assert held(lru) == kept and len(lru) == 3


@P("again, kept", [("a", "acd"), ("b", "bcd"), ("c", "bcd"), ("ab", "abd")])
def test_set_is_use(again, kept):
    lru = filled()
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
def test_miss(default):
    lru = filled()
    assert lru.get("z", default) is default
    with pytest.raises(KeyError, match="z"):
        lru.get("z")


def test_limit_is_128():
    cache = LRUCache()
    for n in range(129):
        cache.set(n, n)
    assert len(cache) == 128 and cache.get(0, None) is None and cache.get(1) == 1


def test_read_through():
    lru = filled()
    load = Mock(side_effect=str.upper)

    def cached(key):
        if (value := lru.get(key, None)) is None:
            lru.set(key, value := load(key))
        return value

    assert [cached(key) for key in "adadbd"] == list("ADADBD")
    assert load.mock_calls == [call("d"), call("b")]


@P("cls, out", [(Stack, [3, 2, 1]), (Queue, [1, 2, 3])])
def test_order(cls, out):
    it = cls([1, 2])
    it.add(3)
    assert (it.size, it.is_empty, 3 in it, 4 in it) == (3, False, True, False)
    assert [it.take() for _ in out] == out and it.is_empty and it.size == 0


@P("cls", [Stack, Queue])
def test_empty(cls):
    with pytest.raises(EmptyError, match=f"this {cls.__name__.lower()} is empty"):
        cls().take()


@P("n, got", [(0, []), (2, [0, 1]), (3, [0, 1, 2]), (4, [1, 2, 3]), (5, [2, 3, 4]), (7, [4, 5, 6])])
def test_ring(n, got):
    ring = CircularBuffer(3)
    for item in range(n):
        ring.append(item)
    assert ring.get() == got


def test_pipeline():
    queue, ring, cache = Queue(range(6)), CircularBuffer(2), LRUCache(limit=2)
    while not queue.is_empty:
        ring.append(item := queue.take())
        cache.set(item, -item)
    assert ring.get() == [4, 5] and [cache.get(n, 0) for n in range(6)] == [0, 0, 0, 0, -4, -5]


@P("items, text", [([], ""), ([1], "1"), ([1, "a"], "1, 'a'")])
def test_text(items, text):
    assert as_text(items) == text
