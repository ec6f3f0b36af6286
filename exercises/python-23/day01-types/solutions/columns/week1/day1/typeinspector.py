"""A summary of values like that of a data frame: one row for each value, and below it what can be called."""

import sys
from collections.abc import Iterable
from typing import Any

HEADINGS = ("type", "id", "bytes", "deep bytes", "mutable", "methods")
CHANGING = {"list", "dict", "set", "bytearray"}


def deep_size(val: Any, seen: set[int]) -> int:
    """Returns the size of a value with all that is in it."""
    if id(val) in seen:
        return 0
    seen.add(id(val))
    inner: Iterable[Any] = ()
    if isinstance(val, dict):
        inner = [*val.keys(), *val.values()]
    elif isinstance(val, (list, tuple, set)):
        inner = val
    return sys.getsizeof(val) + sum(deep_size(each, seen) for each in inner)


def row_of(val: Any) -> tuple[str, ...]:
    """Returns what stands below the headings."""
    name = type(val).__name__
    cells = name, id(val), sys.getsizeof(val), deep_size(val, set()), name in CHANGING, len(dir(val))
    return tuple(str(cell) for cell in cells)


def inspect_value(val: Any, *more: Any) -> None:
    """Prints a row for each value, and the names of what the first of them has."""
    rows = [HEADINGS, *map(row_of, (val, *more))]
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        print("  ".join(cell.rjust(width) for cell, width in zip(row, widths)))
    print()
    names = dir(val)
    third = -(-len(names) // 3)
    for number in range(third):
        print("".join(f"{name:28}" for name in names[number::third]).rstrip())
