"""Generic containers with their own exceptions."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class ContainerError(Exception):
    """Base of every error raised here."""


class EmptyError(ContainerError):
    """There is nothing to take."""


class FullError(ContainerError):
    """There is no room left."""


class Stack(Generic[T]):
    def __init__(self) -> None:
        self._data: list[T] = []

    def __len__(self) -> int:
        return len(self._data)

    def __bool__(self) -> bool:
        return bool(self._data)

    def __iter__(self) -> Iterator[T]:
        return reversed(self._data)

    def __repr__(self) -> str:
        return f"Stack({self._data!r})"

    @property
    def top(self) -> T:
        if not self._data:
            raise EmptyError("stack is empty")
        return self._data[-1]

    def push(self, value: T) -> None:
        self._data.append(value)

    def pop(self) -> T:
        if not self._data:
            raise EmptyError("stack is empty")
        return self._data.pop()


class Queue(Generic[T]):
    def __init__(self) -> None:
        self._data: deque[T] = deque()

    def __len__(self) -> int:
        return len(self._data)

    def __bool__(self) -> bool:
        return bool(self._data)

    def __iter__(self) -> Iterator[T]:
        return iter(self._data)

    @property
    def front(self) -> T:
        if not self._data:
            raise EmptyError("queue is empty")
        return self._data[0]

    def put(self, value: T) -> None:
        self._data.append(value)

    def get(self) -> T:
        if not self._data:
            raise EmptyError("queue is empty")
        return self._data.popleft()


class LRUCache(Generic[K, V]):
    """A mapping that forgets what was used longest ago."""

    def __init__(self, maxsize: int = 128) -> None:
        if maxsize < 1:
            raise ValueError("maxsize must be at least 1")
        self.maxsize = maxsize
        self._data: dict[K, V] = {}

    def __getitem__(self, key: K) -> V:
        value = self._data.pop(key)
        self._data[key] = value
        return value

    def __setitem__(self, key: K, value: V) -> None:
        self._data.pop(key, None)
        if len(self._data) >= self.maxsize:
            del self._data[next(iter(self._data))]
        self._data[key] = value

    def __delitem__(self, key: K) -> None:
        del self._data[key]

    def __contains__(self, key: object) -> bool:
        return key in self._data

    def __len__(self) -> int:
        return len(self._data)

    def __iter__(self) -> Iterator[K]:
        return iter(self._data)


class CircularBuffer(Generic[T]):
    """A fixed ring. Refuses to overwrite unless it is told to."""

    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            raise ValueError("capacity must be at least 1")
        self._slots: list[T | None] = [None] * capacity
        self._read = 0
        self._used = 0

    def __len__(self) -> int:
        return self._used

    @property
    def capacity(self) -> int:
        return len(self._slots)

    @property
    def is_full(self) -> bool:
        return self._used == self.capacity

    def write(self, value: T) -> None:
        if self.is_full:
            raise FullError("buffer is full")
        self._slots[(self._read + self._used) % self.capacity] = value
        self._used += 1

    def overwrite(self, value: T) -> None:
        if self.is_full:
            self.read()
        self.write(value)

    def read(self) -> T:
        if not self._used:
            raise EmptyError("buffer is empty")
        value = self._slots[self._read]
        self._slots[self._read] = None
        self._read = (self._read + 1) % self.capacity
        self._used -= 1
        return value  # type: ignore[return-value]

    def clear(self) -> None:
        self._slots = [None] * self.capacity
        self._read = self._used = 0
