from unittest import mock

import pytest
from week1.day2.datastructures import (
    CircularBuffer,
    LRUCache,
    Overflow,
    Queue,
    Stack,
    Underflow,
)


@pytest.mark.parametrize(
    "make, taken",
    [
        pytest.param(Stack, "cba", id="stack"),
        pytest.param(Queue, "abc", id="queue"),
    ],
)
def test_order(make, taken):
    box = make()
    assert box.empty
    for letter in "abc":
        box.push(letter)
    assert box.look() == taken[0]
    assert "".join(box.take() for _ in range(3)) == taken
    with pytest.raises(Underflow):
        box.take()
    with pytest.raises(Underflow):
        box.look()


class TestLRUCache:
    def test_least_recently_used_goes(self):
        evicted = mock.Mock()
        cache = LRUCache(2, on_evict=evicted)
        cache["a"] = 1
        cache["b"] = 2
        assert cache["a"] == 1
        cache["c"] = 3
        evicted.assert_called_once_with("b", 2)
        assert list(cache) == ["a", "c"]

    def test_update_refreshes(self):
        cache = LRUCache(2)
        cache.update(a=1, b=2)
        cache["a"] = 3
        cache["c"] = 4
        assert dict(cache.items()) == {"a": 3, "c": 4}

    def test_looking_for_is_not_using(self):
        cache = LRUCache(2)
        cache.update(a=1, b=2)
        assert "a" in cache
        cache["c"] = 3
        assert "a" not in cache

    def test_limit(self):
        with pytest.raises(ValueError):
            LRUCache(0)


class TestCircularBuffer:
    def test_drops_the_oldest(self):
        ring = CircularBuffer(3)
        for n in range(7):
            ring.append(n)
        assert list(ring) == [4, 5, 6]
        assert ring[0] == 4
        assert ring[-1] == 6
        assert ring[:2] == [4, 5]
        assert ring.is_full

    def test_may_raise(self):
        ring = CircularBuffer(1, Overflow.RAISE)
        ring.append(1)
        with pytest.raises(OverflowError):
            ring.append(2)
        assert list(ring) == [1]

    def test_out_of_range(self):
        with pytest.raises(IndexError):
            CircularBuffer(2)[0]
