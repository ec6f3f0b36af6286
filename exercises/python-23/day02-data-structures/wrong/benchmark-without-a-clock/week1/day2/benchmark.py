"""Compares the data structures with what Python has built in: `python benchmark.py`."""

from collections import OrderedDict, deque
from collections.abc import Callable

from datastructures import CircularBuffer, LRUCache, Queue, Stack


def run(work: Callable[[], None], number: int) -> int:
    for _ in range(number):
        work()
    return number


SIZE = 2_000


def stack() -> None:
    items = Stack()
    for number in range(SIZE):
        items.push(number)
    for _ in range(SIZE):
        items.pop()


def plain_list() -> None:
    items = []
    for number in range(SIZE):
        items.append(number)
    for _ in range(SIZE):
        items.pop()


def queue() -> None:
    items = Queue()
    for number in range(SIZE):
        items.enqueue(number)
    for _ in range(SIZE):
        items.dequeue()


def plain_deque() -> None:
    items: deque[int] = deque()
    for number in range(SIZE):
        items.append(number)
    for _ in range(SIZE):
        items.popleft()


def list_pop_front() -> None:
    items = []
    for number in range(SIZE):
        items.append(number)
    for _ in range(SIZE):
        items.pop(0)


def cache() -> None:
    entries = LRUCache(100)
    for number in range(SIZE):
        entries.put(number, number)
        entries.get(number - 50)


def ordered_dict() -> None:
    entries: OrderedDict[int, int] = OrderedDict()
    for number in range(SIZE):
        entries[number] = number
        entries.get(number - 50)


def buffer() -> None:
    items = CircularBuffer(100)
    for number in range(SIZE):
        items.write(number)


def bounded_deque() -> None:
    items: deque[int] = deque(maxlen=100)
    for number in range(SIZE):
        items.append(number)


PAIRS: list[tuple[Callable[[], None], Callable[[], None]]] = [
    (stack, plain_list),
    (queue, plain_deque),
    (queue, list_pop_front),
    (cache, ordered_dict),
    (buffer, bounded_deque),
]


def main() -> None:
    for ours, theirs in PAIRS:
        mine, built_in = run(ours, number=5), run(theirs, number=5)
        print(f"{ours.__name__:>8} {mine:.4f} s   {theirs.__name__:>14} {built_in:.4f} s")


if __name__ == "__main__":
    main()
