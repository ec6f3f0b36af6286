import timeit
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Optional


@dataclass
class Stack:
    items: list[Any] = field(default_factory=list)

    def push(self, item: Any) -> None:
        self.items.append(item)

    def pop(self) -> Any:
        return self.items.pop() if self.items else None

    def top(self) -> Any:
        return self.items[-1] if self.items else None

    def __len__(self) -> int:
        return len(self.items)


@dataclass
class Queue:
    items: deque[Any] = field(default_factory=deque)

    def add(self, item: Any) -> None:
        self.items.append(item)

    def remove(self) -> Any:
        return self.items.popleft() if self.items else None

    def first(self) -> Any:
        return self.items[0] if self.items else None

    def __len__(self) -> int:
        return len(self.items)


class _Node:
    __slots__ = ("key", "value", "prev", "next")

    def __init__(self, key: Any = None, value: Any = None) -> None:
        self.key = key
        self.value = value
        self.prev: Optional["_Node"] = None
        self.next: Optional["_Node"] = None


class LRUCache:
    """Doubly linked list with a dictionary beside it."""

    def __init__(self, max_items: int) -> None:
        self.max_items = max_items
        self.nodes: dict[Any, _Node] = {}
        self.newest = _Node()
        self.oldest = _Node()
        self.newest.next = self.oldest
        self.oldest.prev = self.newest

    def _unlink(self, node: _Node) -> None:
        assert node.prev and node.next
        node.prev.next = node.next
        node.next.prev = node.prev

    def _to_front(self, node: _Node) -> None:
        after = self.newest.next
        assert after
        node.prev = self.newest
        node.next = after
        self.newest.next = node
        after.prev = node

    def get(self, key: Any, default: Any = None) -> Any:
        node = self.nodes.get(key)
        if node is None:
            return default
        self._unlink(node)
        self._to_front(node)
        return node.value

    def set(self, key: Any, value: Any) -> None:
        node = self.nodes.get(key)
        if node is not None:
            node.value = value
            self._unlink(node)
            self._to_front(node)
            return
        if len(self.nodes) == self.max_items:
            victim = self.oldest.prev
            assert victim
            self._unlink(victim)
            del self.nodes[victim.key]
        node = _Node(key, value)
        self.nodes[key] = node
        self._to_front(node)

    def __len__(self) -> int:
        return len(self.nodes)


class CircularBuffer:
    def __init__(self, length: int) -> None:
        self.length = length
        self._ring: list[Any] = [None] * length
        self._written = 0

    def push(self, item: Any) -> None:
        self._ring[self._written % self.length] = item
        self._written += 1

    def to_list(self) -> list[Any]:
        """The items from the oldest to the newest."""
        if self._written < self.length:
            return self._ring[: self._written]
        cut = self._written % self.length
        return self._ring[cut:] + self._ring[:cut]

    def __len__(self) -> int:
        return min(self._written, self.length)


def _fill_stack() -> None:
    stack = Stack()
    for i in range(1000):
        stack.push(i)
    while len(stack):
        stack.pop()


def _fill_queue() -> None:
    queue = Queue()
    for i in range(1000):
        queue.add(i)
    while len(queue):
        queue.remove()


def _fill_ring() -> None:
    ring = CircularBuffer(10)
    for i in range(1000):
        ring.push(i)


def _fill_cache() -> None:
    cache = LRUCache(10)
    for i in range(1000):
        cache.set(i, i)


def benchmark() -> None:
    pairs = {
        "Stack": _fill_stack,
        "list": lambda: [list(range(1000)).pop() for _ in range(3)],
        "Queue": _fill_queue,
        "deque": lambda: deque(range(1000)).popleft(),
        "list.pop(0)": lambda: list(range(1000)).pop(0),
        "CircularBuffer": _fill_ring,
        "deque(maxlen)": lambda: deque(range(1000), maxlen=10),
        "LRUCache": _fill_cache,
        "dict": lambda: dict.fromkeys(range(1000)),
    }
    for name, func in pairs.items():
        print(name, round(timeit.timeit(func, number=50), 5))


if __name__ == "__main__":
    benchmark()
