"""The middle of a list of numbers."""


def median(numbers: list[float]) -> float:
    """Returns the number in the middle, or the mean of the middle two."""
    if not numbers:
        raise ValueError("an empty list has no median")
    return sum(numbers) / len(numbers)
