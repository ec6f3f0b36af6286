from unittest.mock import Mock, call, patch

import pytest
from datastructures import LRUCache


@pytest.mark.parametrize("n", [0, -1])
def test_bad_capacity(n):
    with pytest.raises(ValueError, match="at least 1"):
        LRUCache(n)


def test_empty():
    c = LRUCache(1)
    assert len(c) == 0
    assert list(c) == []
    assert c.get("x") is None
    assert c.get("x", 5) == 5
    assert "x" not in c


@pytest.mark.parametrize(
    "touch, evicted",
    [
        ([], "a"),
        (["a"], "b"),
        (["a", "b"], "c"),
        (["a", "b", "c"], "a"),
        (["c"], "a"),
        (["nope"], "a"),
    ],
)
def test_get_refreshes(abc, touch, evicted):
    for k in touch:
        abc.get(k)
    abc.put("d", "D")
    assert set("abcd") - set(abc) == {evicted}


def test_put_refreshes_and_replaces(abc):
    abc.put("a", 1)
    assert len(abc) == 3
    abc.put("d", 2)
    assert list(abc) == ["c", "a", "d"]
    assert abc.get("a") == 1


def test_contains_does_not_refresh(abc):
    assert "a" in abc
    abc.put("d", "D")
    assert "a" not in abc


@pytest.mark.parametrize("value", [None, 0, "", []])
def test_falsy_values_are_values(value):
    c = LRUCache(1)
    c.put("k", value)
    assert c.get("k", "default") == value
    assert c.hits == 1


def test_unhashable(abc):
    with pytest.raises(TypeError):
        abc.put([], 1)


def test_capacity_one():
    c = LRUCache(1)
    c.put(1, 1)
    c.put(2, 2)
    assert list(c) == [2]


def test_stats(abc):
    abc.get("a"), abc.get("b"), abc.get("x")
    assert (abc.hits, abc.misses) == (2, 1)
    abc.clear()
    assert (abc.hits, abc.misses, len(abc)) == (0, 0, 0)


def test_on_evict():
    gone = Mock()
    c = LRUCache(2, on_evict=gone)
    for i in range(4):
        c.put(i, i * 10)
    assert gone.call_args_list == [call(0, 0), call(1, 10)]
    c.put(3, 99)
    assert gone.call_count == 2


@pytest.mark.parametrize("age, there", [(0, True), (9.9, True), (10, False), (11, False)])
def test_ttl(clock, age, there):
    c = LRUCache(2, ttl=10)
    c.put("k", 1)
    clock.tick(age)
    assert ("k" in c) is there
    assert c.get("k") == (1 if there else None)
    assert len(c) == there


def test_ttl_starts_again_with_put_but_not_with_get(clock):
    c = LRUCache(2, ttl=10)
    c.put("k", 1)
    clock.tick(6)
    c.get("k")
    clock.tick(6)
    assert "k" not in c
    c.put("k", 2)
    clock.tick(6)
    c.put("k", 3)
    clock.tick(6)
    assert c.get("k") == 3


def test_no_ttl_no_expiry():
    with patch("datastructures.time.monotonic", side_effect=[0.0, 1e9]):
        c = LRUCache(1)
        c.put("k", 1)
        assert "k" in c
