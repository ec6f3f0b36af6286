from collections import deque
from functools import lru_cache
from timeit import timeit

from datastructures import CircularBuffer, LRUCache, Queue, Stack

N = 1_000


def bench_stack():
    s = Stack()
    for i in range(N):
        s.push(i)
    for i in range(N):
        s.pop()


def bench_list():
    s = []
    for i in range(N):
        s.append(i)
    for i in range(N):
        s.pop()


def bench_queue():
    q = Queue()
    for i in range(N):
        q.enqueue(i)
    for i in range(N):
        q.dequeue()


def bench_list_pop0():
    q = []
    for i in range(N):
        q.append(i)
    for i in range(N):
        q.pop(0)


def bench_deque():
    q = deque()
    for i in range(N):
        q.append(i)
    for i in range(N):
        q.popleft()


def bench_lru():
    c = LRUCache(100)
    for i in range(N):
        c.put(i, i)
        c.get(i)


def bench_functools():
    @lru_cache(maxsize=100)
    def f(x):
        return x

    for i in range(N):
        f(i)


def bench_ring():
    b = CircularBuffer(100)
    for i in range(N):
        b.append(i)


def bench_deque_maxlen():
    b = deque(maxlen=100)
    for i in range(N):
        b.append(i)


if __name__ == "__main__":
    for func in (
        bench_stack,
        bench_list,
        bench_queue,
        bench_list_pop0,
        bench_deque,
        bench_lru,
        bench_functools,
        bench_ring,
        bench_deque_maxlen,
    ):
        print(f"{func.__name__:20} {timeit(func, number=10):.5f}s")
