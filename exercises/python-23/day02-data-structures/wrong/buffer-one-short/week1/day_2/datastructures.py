"""Data structures in the manner of java.util."""

from __future__ import annotations

from collections import deque
from typing import Generic, Optional, TypeVar

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


class EmptyStructureError(Exception):
    """Something was asked of a structure that holds nothing."""


class FullStructureError(Exception):
    """Something was put into a structure that has no room."""


class Stack(Generic[T]):
    def __init__(self, max_size: int = 100) -> None:
        self.__elements: list[T] = []
        self.__max_size = max_size

    def push(self, element: T) -> None:
        if self.isFull():
            raise FullStructureError("the stack is full")
        self.__elements.append(element)

    def pop(self) -> T:
        if self.isEmpty():
            raise EmptyStructureError("the stack is empty")
        return self.__elements.pop()

    def top(self) -> T:
        if self.isEmpty():
            raise EmptyStructureError("the stack is empty")
        return self.__elements[-1]

    def isEmpty(self) -> bool:
        return self.getSize() == 0

    def isFull(self) -> bool:
        return self.getSize() >= self.__max_size

    def getSize(self) -> int:
        return len(self.__elements)


class Queue(Generic[T]):
    def __init__(self) -> None:
        self.__elements: deque[T] = deque()

    def offer(self, element: T) -> bool:
        self.__elements.appendleft(element)
        return True

    def poll(self) -> Optional[T]:
        return None if self.isEmpty() else self.__elements.pop()

    def peek(self) -> Optional[T]:
        return None if self.isEmpty() else self.__elements[-1]

    def isEmpty(self) -> bool:
        return self.getSize() == 0

    def getSize(self) -> int:
        return len(self.__elements)


class Node(Generic[K, V]):
    def __init__(self, key: K, value: V) -> None:
        self.key = key
        self.value = value
        self.previous: Node[K, V] = self
        self.next: Node[K, V] = self

    def unlink(self) -> None:
        self.previous.next = self.next
        self.next.previous = self.previous

    def linkBefore(self, other: Node[K, V]) -> None:
        self.previous, self.next = other.previous, other
        self.previous.next = other.previous = self


class LRUCache(Generic[K, V]):
    """A hash map into a ring of nodes; after the root comes the one that was used longest ago."""

    def __init__(self, maxEntries: int) -> None:
        self.__maxEntries = maxEntries
        self.__nodes: dict[K, Node[K, V]] = {}
        self.__root: Optional[Node[K, V]] = None

    def getMaxEntries(self) -> int:
        return self.__maxEntries

    def getSize(self) -> int:
        return len(self.__nodes)

    def getValue(self, key: K) -> V:
        node = self.__nodes[key]
        self.__touch(node)
        return node.value

    def setItem(self, key: K, value: V) -> None:
        node = self.__nodes.get(key)
        if node is not None:
            node.value = value
            self.__touch(node)
            return
        if len(self.__nodes) == self.__maxEntries:
            self.__evict()
        self.__nodes[key] = node = Node(key, value)
        self.__append(node)

    def __append(self, node: Node[K, V]) -> None:
        if self.__root is None:
            node.previous = node.next = node
            self.__root = node
        else:
            node.linkBefore(self.__root)

    def __remove(self, node: Node[K, V]) -> None:
        if self.__root is node:
            self.__root = None if node.next is node else node.next
        node.unlink()

    def __touch(self, node: Node[K, V]) -> None:
        self.__remove(node)
        self.__append(node)

    def __evict(self) -> None:
        assert self.__root is not None
        oldest = self.__root
        self.__remove(oldest)
        del self.__nodes[oldest.key]


class CircularBuffer(Generic[T]):
    """A bounded FIFO: it refuses what does not fit."""

    def __init__(self, size: int) -> None:
        # One slot stays free, so that full and empty can be told apart.
        self.__slots: list[Optional[T]] = [None] * size
        self.__head = 0
        self.__tail = 0

    def add(self, element: T) -> None:
        if self.isFull():
            raise FullStructureError("the buffer is full")
        self.__slots[self.__tail] = element
        self.__tail = self.__after(self.__tail)

    def remove(self) -> Optional[T]:
        if self.isEmpty():
            raise EmptyStructureError("the buffer is empty")
        element = self.__slots[self.__head]
        self.__head = self.__after(self.__head)
        return element

    def isEmpty(self) -> bool:
        return self.__head == self.__tail

    def isFull(self) -> bool:
        return self.__after(self.__tail) == self.__head

    def __after(self, index: int) -> int:
        return (index + 1) % len(self.__slots)
