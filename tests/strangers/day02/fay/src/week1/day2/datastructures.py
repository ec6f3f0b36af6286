"""Containers that share one small abstract base."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from enum import Enum
from typing import Generic, TypeVar, overload

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


class Underflow(LookupError):
    """Raised by take() and look() when there is nothing there."""


class _Container(ABC, Generic[T]):
    @abstractmethod
    def take(self) -> T: ...

    @abstractmethod
    def look(self) -> T: ...

    @abstractmethod
    def __len__(self) -> int: ...

    @property
    def empty(self) -> bool:
        return len(self) == 0


class Stack(_Container[T]):
    def __init__(self) -> None:
        self._storage: list[T] = []

    def push(self, element: T, /) -> None:
        self._storage.append(element)

    def take(self) -> T:
        try:
            return self._storage.pop()
        except IndexError:
            raise Underflow("stack underflow") from None

    pop = take

    def look(self) -> T:
        try:
            return self._storage[-1]
        except IndexError:
            raise Underflow("stack underflow") from None

    def __len__(self) -> int:
        return len(self._storage)


class Queue(_Container[T]):
    def __init__(self) -> None:
        self._storage: deque[T] = deque()

    def push(self, element: T, /) -> None:
        self._storage.append(element)

    def take(self) -> T:
        try:
            return self._storage.popleft()
        except IndexError:
            raise Underflow("queue underflow") from None

    def look(self) -> T:
        try:
            return self._storage[0]
        except IndexError:
            raise Underflow("queue underflow") from None

    def __len__(self) -> int:
        return len(self._storage)


class LRUCache(MutableMapping[K, V]):
    def __init__(
        self, limit: int, *, on_evict: Callable[[K, V], None] | None = None
    ) -> None:
        if limit < 1:
            raise ValueError(f"limit must be positive, not {limit}")
        self.limit = limit
        self._on_evict = on_evict
        self._data: dict[K, V] = {}

    def __getitem__(self, key: K) -> V:
        value = self._data[key]
        del self._data[key]
        self._data[key] = value
        return value

    def __setitem__(self, key: K, value: V) -> None:
        if key in self._data:
            del self._data[key]
        elif len(self._data) == self.limit:
            oldest = next(iter(self._data))
            gone = self._data.pop(oldest)
            if self._on_evict is not None:
                self._on_evict(oldest, gone)
        self._data[key] = value

    def __delitem__(self, key: K) -> None:
        del self._data[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._data)

    def __contains__(self, key: object) -> bool:
        return key in self._data

    def __len__(self) -> int:
        return len(self._data)


class Overflow(Enum):
    DROP_OLDEST = "drop oldest"
    RAISE = "raise"


class CircularBuffer(Sequence[T]):
    """Index 0 is always the oldest element."""

    def __init__(
        self, capacity: int, overflow: Overflow = Overflow.DROP_OLDEST
    ) -> None:
        if capacity < 1:
            raise ValueError(f"capacity must be positive, not {capacity}")
        self._capacity = capacity
        self._overflow = overflow
        self._cells: list[T] = []
        self._oldest = 0

    def append(self, element: T) -> None:
        if len(self._cells) < self._capacity:
            self._cells.append(element)
            return
        if self._overflow is Overflow.RAISE:
            raise OverflowError("buffer is full")
        self._cells[self._oldest] = element
        self._oldest = (self._oldest + 1) % self._capacity

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> list[T]: ...

    def __getitem__(self, index: int | slice) -> T | list[T]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError("buffer index out of range")
        return self._cells[(self._oldest + index) % self._capacity]

    def __len__(self) -> int:
        return len(self._cells)

    @property
    def is_full(self) -> bool:
        return len(self) == self._capacity
