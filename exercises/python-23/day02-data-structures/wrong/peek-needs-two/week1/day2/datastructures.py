import time
from collections import deque


class Stack:
    def __init__(self, size=10):
        self.stack = []
        self.size = size

    def push(self, data):
        if len(self.stack) == self.size:
            print("Stack is full")
            return
        self.stack.append(data)

    def pop(self):
        if len(self.stack) == 0:
            return "Stack is empty"
        return self.stack.pop()

    def peek(self):
        if len(self.stack) <= 1:
            return "Stack is empty"
        return self.stack[-1]

    def display(self):
        print(self.stack)


class Queue:
    def __init__(self):
        self.queue = deque()
        self.size = 0

    def enqueue(self, data):
        self.queue.append(data)
        self.size += 1

    def dequeue(self):
        if self.size == 0:
            print("Queue is empty")
            return None
        self.size -= 1
        return self.queue.popleft()

    def empty(self):
        return self.size == 0


class LRUCache:
    def __init__(self, capacity):
        self.capacity = capacity
        self.cache = {}
        self.order = []

    def get(self, key):
        if key not in self.cache:
            return -1
        self.order.remove(key)
        self.order.append(key)
        return self.cache[key]

    def put(self, key, value):
        if key in self.cache:
            self.order.remove(key)
        elif len(self.cache) >= self.capacity:
            lru = self.order.pop(0)
            del self.cache[lru]
        self.cache[key] = value
        self.order.append(key)


class CircularBuffer:
    def __init__(self, k):
        self.k = k
        self.queue = [None] * k
        self.head = self.tail = -1

    def enqueue(self, data):
        if (self.tail + 1) % self.k == self.head:
            print("The circular buffer is full")
        elif self.head == -1:
            self.head = 0
            self.tail = 0
            self.queue[self.tail] = data
        else:
            self.tail = (self.tail + 1) % self.k
            self.queue[self.tail] = data

    def dequeue(self):
        if self.head == -1:
            print("The circular buffer is empty")
        elif self.head == self.tail:
            temp = self.queue[self.head]
            self.head = -1
            self.tail = -1
            return temp
        else:
            temp = self.queue[self.head]
            self.head = (self.head + 1) % self.k
            return temp

    def printCQueue(self):
        print(self.queue)


def benchmark():
    n = 10000
    s = Stack(n)
    start = time.time()
    for i in range(n):
        s.push(i)
    end = time.time()
    print("my stack:", end - start)

    lst = []
    start = time.time()
    for i in range(n):
        lst.append(i)
    end = time.time()
    print("list:", end - start)

    q = Queue()
    for i in range(n):
        q.enqueue(i)
    start = time.time()
    while not q.empty():
        q.dequeue()
    end = time.time()
    print("my queue:", end - start)

    start = time.time()
    while lst:
        lst.pop(0)
    end = time.time()
    print("list.pop(0):", end - start)


if __name__ == "__main__":
    benchmark()
