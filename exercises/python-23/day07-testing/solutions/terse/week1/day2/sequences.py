import collections
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, MutableSequence
from typing import Generic, TypeVar

Item = TypeVar("Item")


class EmptyError(LookupError):
    pass


class _Sequence(ABC, Generic[Item]):
    _items: MutableSequence[Item]

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self._items = self._storage()
        for item in items:
            self.add(item)

    @staticmethod
    @abstractmethod
    def _storage() -> MutableSequence[Item]: ...

    def add(self, item: Item) -> None:
        self._items.append(item)

    @abstractmethod
    def take(self) -> Item: ...

    def _check(self) -> None:
        if not self._items:
            raise EmptyError(f"this {type(self).__name__.lower()} is empty")

    @property
    def size(self) -> int:
        return len(self._items)

    @property
    def is_empty(self) -> bool:
        return self.size == 0

    def __contains__(self, item: object) -> bool:
        return item in self._items


class Stack(_Sequence[Item]):
    @staticmethod
    def _storage() -> list[Item]:
        return []

    def take(self) -> Item:
        self._check()
        return self._items.pop(-1)


class Queue(_Sequence[Item]):
    _items: collections.deque[Item]

    @staticmethod
    def _storage() -> collections.deque[Item]:
        return collections.deque()

    def take(self) -> Item:
        self._check()
        return self._items.popleft()


def as_text(items: Collection[object]) -> str:
    return ", ".join(map(repr, items))
