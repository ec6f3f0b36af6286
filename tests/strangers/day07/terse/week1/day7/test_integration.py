"""The structures together."""

import random

import pytest
from datastructures import CircularBuffer, LRUCache, Queue, Stack


def test_read_through(load):
    c = LRUCache(2)
    assert [c.get_or_load(k, load) for k in "aabba"] == list("AABBA")
    assert [a.args for a in load.call_args_list] == [("a",), ("b",)]
    assert (c.hits, c.misses) == (3, 2)


def test_failed_load_is_not_cached(load):
    c = LRUCache(2)
    load.side_effect = [OSError("down"), "A"]
    with pytest.raises(OSError, match="down"):
        c.get_or_load("a", load)
    assert len(c) == 0
    assert c.get_or_load("a", load) == "A"


def test_reload_after_ttl(clock, load):
    c = LRUCache(2, ttl=5)
    c.get_or_load("a", load)
    clock.tick(5)
    c.get_or_load("a", load)
    assert load.call_count == 2


def test_evicted_go_to_a_log():
    log = CircularBuffer(2)
    c = LRUCache(1, on_evict=lambda k, v: log.append(k))
    for i in range(5):
        c.put(i, i)
    assert list(log) == [2, 3]
    assert len(log) == 2


def test_jobs_through_cache(load):
    jobs, done, c = Queue(), Stack(), LRUCache(10)
    for j in "xyx":
        jobs.put(j)
    while jobs:
        done.push(c.get_or_load(jobs.get(), load))
    assert done.peek() == "X"
    assert [done.pop() for _ in range(len(done))] == ["X", "Y", "X"]
    assert load.call_count == 2


@pytest.mark.parametrize("cls, take", [(Stack, "pop"), (Stack, "peek"), (Queue, "get")])
def test_empty(cls, take):
    with pytest.raises(IndexError):
        getattr(cls(), take)()


def test_circular_bad_size():
    with pytest.raises(ValueError, match="at least 1"):
        CircularBuffer(0)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_against_a_naive_model(seed):
    rng = random.Random(seed)
    cache, model = LRUCache(4), []  # model: [(key, value)], oldest first
    for step in range(2000):
        k = rng.randrange(8)
        old = dict(model)
        if rng.random() < 0.5:
            cache.put(k, step)
            model = [(a, b) for a, b in model if a != k] + [(k, step)]
            model = model[-4:]
        else:
            assert cache.get(k) == old.get(k)
            if k in old:
                model = [(a, b) for a, b in model if a != k] + [(k, old[k])]
        assert list(cache) == [a for a, _ in model]
