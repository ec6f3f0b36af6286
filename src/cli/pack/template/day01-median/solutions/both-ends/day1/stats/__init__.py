"""Takes the smallest and the largest away until one or two are left."""

from typing import TypeVar

Number = TypeVar("Number", int, float)


def without_ends(numbers: list[Number]) -> list[Number]:
    rest = list(numbers)
    rest.remove(min(rest))
    rest.remove(max(rest))
    return rest


def median(numbers: list[Number]) -> float:
    assert numbers, "no numbers"
    if len(numbers) > 2:
        return median(without_ends(numbers))
    return sum(numbers) / len(numbers)
