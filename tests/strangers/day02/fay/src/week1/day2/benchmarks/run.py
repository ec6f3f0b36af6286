"""Compares each structure to the built-in that it stands for."""

import sys
import timeit
from collections import deque
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from week1.day2.datastructures import (  # noqa: E402
    CircularBuffer,
    LRUCache,
    Queue,
    Stack,
)

CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "Stack.push": ("s.push(1)", {"s": Stack()}),
    "list.append": ("s.append(1)", {"s": []}),
    "Queue.push/take": ("q.push(1); q.take()", {"q": Queue()}),
    "deque": ("q.append(1); q.popleft()", {"q": deque()}),
    "list.pop(0)": ("q.append(1); q.pop(0)", {"q": list(range(10_000))}),
    "LRUCache": ("c[1] = 2; c[1]", {"c": LRUCache(10)}),
    "dict": ("c[1] = 2; c[1]", {"c": {}}),
    "CircularBuffer": ("b.append(1)", {"b": CircularBuffer(10)}),
    "deque(maxlen)": ("b.append(1)", {"b": deque(maxlen=10)}),
}

if __name__ == "__main__":
    for name, (statement, names) in CASES.items():
        seconds = timeit.timeit(statement, globals=names, number=2_000)
        print(f"{name:20}{seconds:.6f} s")
