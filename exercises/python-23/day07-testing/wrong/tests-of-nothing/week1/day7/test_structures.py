from unittest.mock import Mock

import pytest


class Counter:
    def __init__(self, tell=print):
        self.count, self.tell = 0, tell

    def up(self, by=1):
        self.count += by
        self.tell(self.count)


@pytest.fixture
def tell():
    return Mock()


@pytest.fixture
def counter(tell):
    return Counter(tell)


@pytest.mark.parametrize("by", range(20))
def test_up(counter, tell, by):
    counter.up(by)
    assert counter.count == by
    tell.assert_called_once_with(by)
