import time
from collections import deque

from datastructures import LRUCache, Queue, Stack, CircularBuffer

N = 5000

start = time.time()
s = Stack()
for i in range(N):
    s.push(i)
for i in range(N):
    s.pop()
print("my stack", time.time() - start)

start = time.time()
lst = []
for i in range(N):
    lst.append(i)
for i in range(N):
    lst.pop()
print("list", time.time() - start)

start = time.time()
q = Queue()
for i in range(N):
    q.enqueue(i)
for i in range(N):
    q.dequeue()
print("my queue", time.time() - start)

start = time.time()
lst = list(range(N))
for i in range(N):
    lst.pop(0)
print("list pop(0)", time.time() - start)

start = time.time()
d = deque(range(N))
for i in range(N):
    d.popleft()
print("deque popleft", time.time() - start)

start = time.time()
c = LRUCache(100)
for i in range(N):
    c.put(i, i)
print("my lru", time.time() - start)

start = time.time()
dct = {}
for i in range(N):
    dct[i] = i
print("dict", time.time() - start)

start = time.time()
b = CircularBuffer(100)
for i in range(N):
    b.enqueue(i)
    b.dequeue()
print("my buffer", time.time() - start)
