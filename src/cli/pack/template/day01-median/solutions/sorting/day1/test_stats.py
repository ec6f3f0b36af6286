import pytest
from stats import median


def test_the_order_does_not_matter():
    assert median([3, 1, 2]) == 2


def test_an_empty_list_is_refused():
    with pytest.raises(ValueError):
        median([])
