"""What all tests need."""

import pytest
from datastructures import LRUCache


@pytest.fixture
def lru():
    return LRUCache(limit=3)
