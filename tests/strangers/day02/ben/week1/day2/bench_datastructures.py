"""Run with: python -m week1.day2.bench_datastructures"""

import time
from collections import deque
from collections.abc import Callable

from week1.day2.datastructures import CircularBuffer, LRUCache, Queue, Stack


def measure(label: str, action: Callable[[], None], rounds: int = 5) -> float:
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        best = min(best, time.perf_counter() - start)
    print(f"{label:<28}{best * 1000:8.3f} ms")
    return best


def stack() -> None:
    s: Stack[int] = Stack()
    for i in range(5000):
        s.push(i)
    while s:
        s.pop()


def plain_list() -> None:
    s: list[int] = []
    for i in range(5000):
        s.append(i)
    while s:
        s.pop()


def queue() -> None:
    q: Queue[int] = Queue()
    for i in range(5000):
        q.put(i)
    while q:
        q.get()


def list_as_queue() -> None:
    q = list(range(5000))
    while q:
        q.pop(0)


def plain_deque() -> None:
    q = deque(range(5000))
    while q:
        q.popleft()


def lru() -> None:
    cache: LRUCache[int, int] = LRUCache(100)
    for i in range(5000):
        cache[i] = i


def plain_dict() -> None:
    cache: dict[int, int] = {}
    for i in range(5000):
        cache[i] = i


def ring() -> None:
    buffer: CircularBuffer[int] = CircularBuffer(100)
    for i in range(5000):
        buffer.overwrite(i)


def deque_maxlen() -> None:
    buffer: deque[int] = deque(maxlen=100)
    for i in range(5000):
        buffer.append(i)


def main() -> None:
    measure("Stack", stack)
    measure("list", plain_list)
    measure("Queue", queue)
    measure("list.pop(0)", list_as_queue)
    measure("deque.popleft()", plain_deque)
    measure("LRUCache", lru)
    measure("dict", plain_dict)
    measure("CircularBuffer", ring)
    measure("deque(maxlen=100)", deque_maxlen)


if __name__ == "__main__":
    main()
