import time
from collections import deque

from datastructures import CircularBuffer, LRUCache, Queue, Stack

COUNT = 20_000


class Timer:
    def __init__(self, label):
        self.label = label

    def __enter__(self):
        self.start = time.perf_counter()
        return self

    def __exit__(self, *exc):
        print(f"{self.label}: {time.perf_counter() - self.start:.6f}")


def main():
    with Timer("Stack"):
        stack = Stack()
        for i in range(COUNT):
            stack.push(i)
    with Timer("list"):
        items = []
        for i in range(COUNT):
            items.append(i)
    with Timer("Queue"):
        queue = Queue(range(COUNT))
        while len(queue):
            queue.pop()
    with Timer("deque.popleft"):
        dq = deque(range(COUNT))
        while dq:
            dq.popleft()
    with Timer("list.pop(0)"):
        items = list(range(COUNT))
        while items:
            items.pop(0)
    with Timer("LRUCache"):
        cache = LRUCache(max_size=50)
        for i in range(COUNT):
            cache[i] = i
    with Timer("dict"):
        plain = {}
        for i in range(COUNT):
            plain[i] = i
    with Timer("CircularBuffer"):
        buffer = CircularBuffer(max_len=50)
        for i in range(COUNT):
            buffer.add(i)


if __name__ == "__main__":
    main()
