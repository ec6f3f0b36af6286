from collections import deque
from timeit import timeit

print("list.pop(0)   ", timeit("items.pop(0)", "items = list(range(10_000))", number=10_000))
print("deque.popleft ", timeit(deque(range(10_000)).popleft, number=10_000))
