import timeit
from collections import OrderedDict, deque

import datastructures as ds
import pytest


class TestStack:
    def test_order(self):
        stack = ds.Stack()
        stack.push(1)
        stack.push(2)
        assert stack.top == 2
        assert [stack.pop(), stack.pop()] == [2, 1]
        with pytest.raises(IndexError):
            stack.pop()
        with pytest.raises(TypeError):
            stack.pop(0)


class TestQueue:
    def test_order(self):
        queue = ds.Queue("a", maxsize=2)
        assert queue.join("b") == 2
        with pytest.raises(OverflowError):
            queue.join("c")
        assert [queue.leave(), queue.leave()] == ["a", "b"]
        with pytest.raises(IndexError):
            queue.leave()


class TestLRUCache:
    def test_eviction(self):
        cache = ds.LRUCache(size=2)
        cache["a"] = 1
        cache["b"] = 2
        assert cache["a"] == 1
        cache["c"] = 3
        assert list(cache) == ["a", "c"]
        assert cache.get("b") is None


class TestCircularBuffer:
    def test_round(self):
        ring = ds.CircularBuffer(2)
        assert ring.feed(1) and ring.feed(2)
        assert not ring.feed(3)
        assert ring.drain() == 1
        assert ring.feed(3)
        assert [ring.drain(), ring.drain()] == [2, 3]
        with pytest.raises(BufferError):
            ring.drain()


@pytest.mark.parametrize("ours, builtin", [
    (lambda: ds.Stack().push(1), lambda: [].append(1)),
    (lambda: ds.Queue().join(1), lambda: deque().append(1)),
    (lambda: ds.LRUCache().update(a=1), lambda: OrderedDict().update(a=1)),
    (lambda: ds.CircularBuffer(3).feed(1), lambda: deque(maxlen=3).append(1)),
])
def test_benchmark(ours, builtin):
    mine, theirs = timeit.timeit(ours, number=500), timeit.timeit(builtin, number=500)
    print(f"ours {mine:.5f} s, built-in {theirs:.5f} s")
    assert mine < 1 + theirs * 1000
