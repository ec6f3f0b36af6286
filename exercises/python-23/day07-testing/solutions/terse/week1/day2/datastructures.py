"""The four data structures, each from a module of its own."""

from lru import LRUCache
from ring import CircularBuffer
from sequences import Queue, Stack

__all__ = ["CircularBuffer", "LRUCache", "Queue", "Stack"]
