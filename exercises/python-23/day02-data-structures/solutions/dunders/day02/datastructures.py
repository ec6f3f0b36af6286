"""Data structures that behave like Python's own containers."""

from collections import OrderedDict, deque
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Stack(list[T]):
    """A list that is pushed onto; `pop`, `len()` and the rest are the list's own."""

    push = list.append

    @property
    def peek(self) -> T:
        return self[-1]


@dataclass
class Queue(Generic[T]):
    """`queue += [item]` or `queue.put(item)` puts in; `queue.get()` or iterating takes out."""

    items: deque[T] = field(default_factory=deque)

    def __iadd__(self, items: Iterable[T]) -> "Queue[T]":
        self.items.extend(items)
        return self

    def put(self, item: T) -> None:
        self.items.append(item)

    def get(self, *default: T) -> T:
        try:
            return self.items.popleft()
        except IndexError:
            if default:
                return default[0]
            raise LookupError("the queue is empty") from None

    def __iter__(self) -> Iterator[T]:
        while self.items:
            yield self.items.popleft()

    def __len__(self) -> int:
        return len(self.items)


class LRUCache(OrderedDict[Hashable, Any]):
    """A dict that forgets what was looked up longest ago."""

    def __init__(self, maxsize: int = 128, /, *args: Any, **kwargs: Any) -> None:
        self.maxsize = maxsize
        super().__init__(*args, **kwargs)

    def __getitem__(self, key: Hashable) -> Any:
        value = super().__getitem__(key)
        self.move_to_end(key)
        return value

    def __setitem__(self, key: Hashable, value: Any) -> None:
        super().__setitem__(key, value)
        self.move_to_end(key)
        while len(self) > self.maxsize:
            del self[next(iter(self))]


class CircularBuffer(Generic[T]):
    """Remembers the last `maxlen` items, oldest first: `buffer.append(item)`, `list(buffer)`, `buffer[-1]`."""

    def __init__(self, iterable: Iterable[T] = (), *, maxlen: int) -> None:
        self._items = deque(iterable, maxlen)

    def append(self, item: T) -> None:
        self._items.append(item)

    def get(self, index: int = -1) -> T:
        """The newest item, or another."""
        return self._items[index]

    def __getitem__(self, index: int) -> T:
        return self._items[index]

    def __iter__(self) -> Iterator[T]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    @property
    def full(self) -> bool:
        return len(self) == self._items.maxlen
