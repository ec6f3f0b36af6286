from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator
from typing import Any


class Stack:
    """LIFO over a list; the last one of *items* is on top."""

    def __init__(self, items: Iterable[Any] = ()) -> None:
        self.__items = list(items)

    def push(self, *items: Any) -> Stack:
        self.__items.extend(items)
        return self

    def pop(self) -> Any:
        return self.__items.pop()

    def peek(self, default: Any = None) -> Any:
        return self.__items[-1] if self.__items else default

    def __len__(self) -> int:
        return len(self.__items)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Stack):
            return NotImplemented
        return self.__items == other.__items


class Queue:
    """FIFO over a deque."""

    def __init__(self, items: Iterable[Any] = ()) -> None:
        self.__items = deque(items)

    def push(self, *items: Any) -> Queue:
        self.__items.extend(items)
        return self

    def pop(self) -> Any:
        return self.__items.popleft()

    def peek(self, default: Any = None) -> Any:
        return self.__items[0] if self.__items else default

    def __len__(self) -> int:
        return len(self.__items)


class LRUCache(OrderedDict[Any, Any]):
    def __init__(self, *, max_size: int = 16) -> None:
        super().__init__()
        self.max_size = max_size

    def __getitem__(self, key: Any) -> Any:
        value = super().__getitem__(key)
        self.move_to_end(key)
        return value

    def get(self, key: Any, default: Any = None) -> Any:
        try:
            return self[key]
        except KeyError:
            return default

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(key, value)
        self.move_to_end(key)
        while len(self) > self.max_size:
            del self[next(iter(self))]


class CircularBuffer:
    def __init__(self, *, max_len: int) -> None:
        self._items: deque[Any] = deque(maxlen=max_len)

    def add(self, item: Any) -> None:
        self._items.append(item)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, index: int) -> Any:
        return self._items[index]

    @property
    def full(self) -> bool:
        return len(self._items) == self._items.maxlen
