from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Stack(Generic[T]):
    def __init__(self) -> None:
        self._items: list[T] = []

    def push(self, item: T) -> None:
        self._items.append(item)

    def pop(self) -> T:
        return self._items.pop()

    def peek(self) -> T:
        return self._items[-1]

    def __len__(self) -> int:
        return len(self._items)


class Queue(Generic[T]):
    def __init__(self) -> None:
        self._items: deque[T] = deque()

    def put(self, item: T) -> None:
        self._items.append(item)

    def get(self) -> T:
        return self._items.popleft()

    def __len__(self) -> int:
        return len(self._items)


class LRUCache(Generic[K, V]):
    """Fixed size; `ttl` seconds (optional); `on_evict(key, value)` when one has to go."""

    def __init__(
        self,
        capacity: int,
        *,
        ttl: float | None = None,
        on_evict: Callable[[K, V], object] | None = None,
    ) -> None:
        if capacity < 1:
            raise ValueError("capacity must be at least 1")
        self.capacity, self.ttl, self.on_evict = capacity, ttl, on_evict
        self.hits = self.misses = 0
        self._data: OrderedDict[K, tuple[V, float]] = OrderedDict()

    def _alive(self, key: K) -> bool:
        if key not in self._data:
            return False
        if self.ttl is not None and time.monotonic() - self._data[key][1] >= self.ttl:
            del self._data[key]
            return False
        return True

    def get(self, key: K, default: V | None = None) -> V | None:
        if self._alive(key):
            self.hits += 1
            self._data.move_to_end(key)
            return self._data[key][0]
        self.misses += 1
        return default

    def put(self, key: K, value: V) -> None:
        self._data[key] = value, time.monotonic()
        self._data.move_to_end(key)
        if len(self._data) > self.capacity:
            old, (gone, _) = self._data.popitem(last=False)
            if self.on_evict:
                self.on_evict(old, gone)

    def get_or_load(self, key: K, load: Callable[[K], V]) -> V:
        if self._alive(key):
            self.hits += 1
            self._data.move_to_end(key)
            return self._data[key][0]
        self.misses += 1
        value = load(key)
        self.put(key, value)
        return value

    def clear(self) -> None:
        self._data.clear()
        self.hits = self.misses = 0

    def __contains__(self, key: K) -> bool:
        return self._alive(key)

    def __len__(self) -> int:
        return len(self._data)

    def __iter__(self) -> Iterator[K]:
        return iter(list(self._data))


class CircularBuffer(Generic[T]):
    def __init__(self, size: int) -> None:
        if size < 1:
            raise ValueError("size must be at least 1")
        self._slots: list[T | None] = [None] * size
        self._start = self._count = 0

    def append(self, item: T) -> None:
        self._slots[(self._start + self._count) % len(self._slots)] = item
        if self._count == len(self._slots):
            self._start = (self._start + 1) % len(self._slots)
        else:
            self._count += 1

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[T]:
        for i in range(self._count):
            yield self._slots[(self._start + i) % len(self._slots)]  # type: ignore[misc]
