"""The middle of a list of numbers."""


def median(numbers: list[float]) -> float:
    """Returns the number in the middle, or the mean of the middle two."""
    if not numbers:
        raise ValueError("an empty list has no median")
    half = len(numbers) // 2
    if len(numbers) % 2 == 1:
        return numbers[half]
    return (numbers[half - 1] + numbers[half]) / 2
