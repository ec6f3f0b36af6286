"""The middle of a list of numbers."""

from collections.abc import Sequence


def median(numbers: list[float]) -> float:
    """Returns the number in the middle, or the mean of the middle two."""
    raise NotImplementedError
