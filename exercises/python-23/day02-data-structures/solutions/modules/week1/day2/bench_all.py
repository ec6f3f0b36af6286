import collections
import functools
import time
from collections.abc import Callable

import datastructures as ds


def timed(function: Callable[..., None]) -> Callable[..., float]:
    @functools.wraps(function)
    def wrapper(*args: object) -> float:
        started = time.monotonic()
        function(*args)
        return time.monotonic() - started

    return wrapper


@timed
def fill(add: Callable[[int], None]) -> None:
    for number in range(10_000):
        add(number)


if __name__ == "__main__":
    for name, add in {
        "Stack": ds.Stack().add,
        "list": list().append,
        "Queue": ds.Queue().add,
        "deque": collections.deque().append,
        "ring": ds.CircularBuffer(100).append,
    }.items():
        print(f"{name:10}{fill(add):.6f}")
