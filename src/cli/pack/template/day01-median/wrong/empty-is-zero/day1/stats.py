"""The middle of a list of numbers."""


def median(numbers: list[float]) -> float:
    """Returns the number in the middle, or the mean of the middle two."""
    if not numbers:
        return 0
    ordered = sorted(numbers)
    half = len(ordered) // 2
    if len(ordered) % 2 == 1:
        return ordered[half]
    return (ordered[half - 1] + ordered[half]) / 2
