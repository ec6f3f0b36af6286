"""With pytest-benchmark it would be a fixture; this needs nothing but the standard library. `pytest -s test_benchmarks.py`"""

import timeit

import pytest

SETUP = "from datastructures import Stack, Queue, LRUCache, CircularBuffer; from collections import deque; "

CASES = {
    "Stack": ("s = Stack()", "s.push(1); s.pop()"),
    "list": ("s = []", "s.append(1); s.pop()"),
    "Queue": ("q = Queue()", "q.put(1); q.get()"),
    "deque": ("q = deque()", "q.append(1); q.popleft()"),
    "LRUCache": ("c = LRUCache(10)", "c[1] = 1; c[1]"),
    "dict": ("c = {}", "c[1] = 1; c[1]"),
    "CircularBuffer": ("b = CircularBuffer(maxlen=10)", "b.append(1)"),
    "deque(maxlen)": ("b = deque(maxlen=10)", "b.append(1)"),
}


@pytest.mark.parametrize("name", CASES)
def test_it_can_be_timed(name: str) -> None:
    setup, statement = CASES[name]
    seconds = min(timeit.repeat(statement, SETUP + setup, number=1000, repeat=3))
    print(f"{name:>14}: {seconds * 1e6:8.1f} µs for 1000")
    assert seconds > 0
