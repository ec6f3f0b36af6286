import pytest
from stats import median, without_ends


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [([7], 7), ([1, 2], 1.5), ([9, 1, 5], 5), ([4, 8, 1, 6], 5)],
)
def test_median(numbers, expected):
    assert median(numbers) == expected


def test_the_ends_go():
    assert without_ends([3, 1, 2]) == [2]
