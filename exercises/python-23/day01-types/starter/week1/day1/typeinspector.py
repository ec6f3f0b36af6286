"""A tool that shows what Python knows about a value: `inspect_value(val)` prints it."""

import sys


def is_mutable(val: object) -> bool:
    """Whether the value can be changed in place."""


def methods_of(val):
    """Returns the names of all methods of the value."""


def inspect_value(val: object) -> None:
    """Prints the type, the id, the size in memory, whether the value is mutable, and all its methods."""
    raise NotImplementedError
