"""Structures that behave like Python's own, on top of them."""

from collections import UserDict, UserList, deque
from typing import Any


class Stack(UserList):  # type: ignore[type-arg]
    def push(self, item: Any) -> None:
        self.data.append(item)

    def pop(self, i: int = -1) -> Any:
        if i != -1:
            raise TypeError("only the top can be popped")
        return super().pop()

    @property
    def top(self) -> Any:
        return self.data[-1]


class Queue:
    def __init__(self, *items: Any, maxsize: int = 0) -> None:
        self._waiting = deque(items)
        self.maxsize = maxsize

    def join(self, item: Any) -> int:
        if self.maxsize and len(self._waiting) >= self.maxsize:
            raise OverflowError("queue is full")
        self._waiting.append(item)
        return len(self._waiting)

    def leave(self) -> Any:
        return self._waiting.popleft()

    def __len__(self) -> int:
        return len(self._waiting)


class LRUCache(UserDict):  # type: ignore[type-arg]
    def __init__(self, size: int = 3) -> None:
        super().__init__()
        self.size = size

    def __getitem__(self, key: Any) -> Any:
        value = self.data.pop(key)
        self.data[key] = value
        return value

    def __setitem__(self, key: Any, value: Any) -> None:
        self.data.pop(key, None)
        self.data[key] = value
        if len(self.data) > self.size:
            self.data.pop(next(iter(self.data)))


class CircularBuffer:
    def __init__(self, slots: int) -> None:
        self._slots: list[Any] = [None] * slots
        self._in = self._out = 0

    def feed(self, item: Any) -> bool:
        """Returns whether there was room."""
        if self._in - self._out == len(self._slots):
            return False
        self._slots[self._in % len(self._slots)] = item
        self._in += 1
        return True

    def drain(self) -> Any:
        """Returns the oldest item."""
        if self._in == self._out:
            raise BufferError("nothing to read")
        item = self._slots[self._out % len(self._slots)]
        self._out += 1
        return item
