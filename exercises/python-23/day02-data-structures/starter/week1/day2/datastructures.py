"""Day 2: a stack, a queue, a cache and a buffer.

The names of the four classes are given. What is in them may be called otherwise; `grade show day2` lists what is accepted.
"""

from collections import deque
from typing import Any


class Stack:
    """Gives back last what was put in first. Uses a list."""

    def __init__(self) -> None:
        raise NotImplementedError

    def push(self, item: Any) -> None:
        """Put an item on top."""
        raise NotImplementedError

    def pop(self) -> Any:
        """Remove and return the item on top."""
        raise NotImplementedError

    def is_empty(self) -> bool:
        """Return whether there is no item."""


class Queue:
    """Gives back first what was put in first. Uses a collections.deque."""

    def __init__(self) -> None:
        raise NotImplementedError

    def enqueue(self, item: Any) -> None:
        """Put an item at the end."""
        raise NotImplementedError

    def dequeue(self) -> Any:
        """Remove and return the item at the front."""
        raise NotImplementedError


class LRUCache:
    """Holds a fixed number of entries; the one that was not used for the longest time makes room for a new one."""

    def __init__(self, capacity: int) -> None:
        raise NotImplementedError

    def get(self, key: Any) -> Any:
        """Return the value of a key, which counts as using it."""
        raise NotImplementedError

    def put(self, key: Any, value: Any) -> None:
        """Store a value under a key, which counts as using it."""
        raise NotImplementedError


class CircularBuffer:
    """Holds a fixed number of items; when it is full, decide: overwrite the oldest, or refuse the new one."""

    def __init__(self, capacity: int) -> None:
        raise NotImplementedError

    def write(self, item: Any) -> None:
        """Add an item."""
        raise NotImplementedError

    def read(self) -> Any:
        """Remove and return the oldest item."""
        raise NotImplementedError
