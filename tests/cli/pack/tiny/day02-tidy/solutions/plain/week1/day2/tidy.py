"""Adds."""


def add(a: int, b: int) -> int:
    """Returns the sum."""
    return a + b
