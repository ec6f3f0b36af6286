from collections import deque


class Stack:
    def __init__(self):
        self.items = []

    def push(self, x):
        self.items.append(x)

    def pop(self):
        if self.isEmpty() == True:  # noqa: E712
            print("Stack is empty!")
            return None
        x = self.items[len(self.items) - 1]
        del self.items[len(self.items) - 1]
        return x

    def peek(self):
        if self.isEmpty():
            print("Stack is empty!")
            return None
        return self.items[-1]

    def isEmpty(self):
        if len(self.items) == 0:
            return True
        else:
            return False

    def getSize(self):
        return len(self.items)


class Queue:
    def __init__(self):
        self.items = deque()

    def enqueue(self, x):
        self.items.appendleft(x)

    def dequeue(self):
        if self.isEmpty():
            print("Queue is empty!")
            return None
        return self.items.pop()

    def isEmpty(self):
        return len(self.items) == 0

    def getSize(self):
        return len(self.items)


class LRUCache:
    def __init__(self, size):
        self.size = size
        self.values = {}
        self.order = []

    def get(self, key):
        if key in self.values:
            self.order.remove(key)
            self.order.append(key)
            return self.values[key]
        else:
            return None

    def put(self, key, value):
        if key in self.values:
            self.order.remove(key)
        elif len(self.order) == self.size:
            oldest = self.order[0]
            self.order = self.order[1:]
            self.values.pop(oldest)
        self.values[key] = value
        self.order.append(key)


class CircularBuffer:
    def __init__(self, k):
        self.k = k
        self.data = [None] * k
        self.head = -1
        self.tail = -1

    def enqueue(self, value):
        if self.isFull():
            return False
        if self.isEmpty():
            self.head = 0
        self.tail = (self.tail + 1) % self.k
        self.data[self.tail] = value
        return True

    def dequeue(self):
        if self.isEmpty():
            return None
        value = self.data[self.head]
        if self.head == self.tail:
            self.head = -1
            self.tail = -1
        else:
            self.head = (self.head + 1) % self.k
        return value

    def isEmpty(self):
        return self.head == -1

    def isFull(self):
        return (self.tail + 1) % self.k == self.head
