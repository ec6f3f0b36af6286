"""Four small data structures, built from what Python has."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Any


class Stack:
    """Last in, first out."""

    def __init__(self) -> None:
        self._items: list[Any] = []

    def push(self, item: Any) -> None:
        """Put an item on top."""
        self._items.append(item)

    def pop(self) -> Any:
        """Remove and return the item on top. Raises IndexError when the stack is empty."""
        if not self._items:
            raise IndexError("pop from an empty stack")
        return self._items.pop()

    def peek(self) -> Any:
        """Return the item on top and leave it there."""
        if not self._items:
            raise IndexError("peek at an empty stack")
        return self._items[-1]

    def is_empty(self) -> bool:
        return not self._items

    def __len__(self) -> int:
        return len(self._items)


class Queue:
    """First in, first out."""

    def __init__(self) -> None:
        self._items: list[Any] = []

    def enqueue(self, item: Any) -> None:
        """Put an item at the end."""
        self._items.append(item)

    def dequeue(self) -> Any:
        """Remove and return the item at the front. Raises IndexError when the queue is empty."""
        if not self._items:
            raise IndexError("dequeue from an empty queue")
        return self._items.pop(0)

    def peek(self) -> Any:
        """Return the item at the front and leave it there."""
        if not self._items:
            raise IndexError("peek at an empty queue")
        return self._items[0]

    def is_empty(self) -> bool:
        return not self._items

    def __len__(self) -> int:
        return len(self._items)


class LRUCache:
    """Holds a fixed number of entries; the least recently used one makes room for a new one."""

    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            raise ValueError("the capacity must be at least 1")
        self.capacity = capacity
        self._entries: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable, default: Any = None) -> Any:
        """Return the value of a key, which counts as using it."""
        if key not in self._entries:
            return default
        self._entries.move_to_end(key)
        return self._entries[key]

    def put(self, key: Hashable, value: Any) -> None:
        """Store a value under a key, which counts as using it."""
        if key in self._entries:
            self._entries.move_to_end(key)
        self._entries[key] = value
        if len(self._entries) > self.capacity:
            self._entries.popitem(last=False)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._entries

    def __len__(self) -> int:
        return len(self._entries)


class CircularBuffer:
    """Holds a fixed number of items; when it is full, a new item takes the place of the oldest."""

    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            raise ValueError("the capacity must be at least 1")
        self.capacity = capacity
        self._slots: list[Any] = [None] * capacity
        self._start = 0
        self._count = 0

    def write(self, item: Any) -> None:
        """Add an item."""
        end = (self._start + self._count) % self.capacity
        self._slots[end] = item
        if self.is_full():
            self._start = (self._start + 1) % self.capacity
        else:
            self._count += 1

    def read(self) -> Any:
        """Remove and return the oldest item. Raises IndexError when the buffer is empty."""
        if self._count == 0:
            raise IndexError("read from an empty buffer")
        item = self._slots[self._start]
        self._slots[self._start] = None
        self._start = (self._start + 1) % self.capacity
        self._count -= 1
        return item

    def is_empty(self) -> bool:
        return self._count == 0

    def is_full(self) -> bool:
        return self._count == self.capacity

    def __len__(self) -> int:
        return self._count
