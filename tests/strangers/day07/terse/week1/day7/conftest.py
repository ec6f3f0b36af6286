from unittest.mock import Mock

import pytest
from datastructures import LRUCache


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now

    def tick(self, seconds):
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    c = Clock()
    monkeypatch.setattr("datastructures.time.monotonic", c)
    return c


@pytest.fixture
def abc():
    """LRU of 3: a, b, c (a is the oldest)"""
    c = LRUCache(3)
    for k in "abc":
        c.put(k, k.upper())
    return c


@pytest.fixture
def load():
    return Mock(side_effect=str.upper)
