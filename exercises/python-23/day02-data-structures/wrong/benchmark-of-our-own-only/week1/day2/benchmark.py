"""How fast are my data structures, compared with lists and deques?"""

from collections.abc import Callable
from timeit import timeit

from datastructures import CircularBuffer, LRUCache, Queue, Stack

NUMBERS = list(range(2_000))


def stack() -> None:
    items = Stack()
    for number in NUMBERS:
        items.push(number)


def queue() -> None:
    items = Queue()
    for number in NUMBERS:
        items.enqueue(number)


def cache() -> None:
    entries = LRUCache(100)
    for number in NUMBERS:
        entries.put(number, number)


def buffer() -> None:
    items = CircularBuffer(100)
    for number in NUMBERS:
        items.write(number)


def main() -> None:
    cases: list[Callable[[], None]] = [stack, queue, cache, buffer]
    results = []
    for case in cases:
        results.append((timeit(case, number=5), case.__name__))
    for seconds, name in sorted(results):
        print(f"{name}: {seconds:.4f} s")


if __name__ == "__main__":
    main()
