"""What there is to see in a value. Nothing is printed here."""

from __future__ import annotations

import inspect
from collections.abc import Hashable, Iterator
from enum import StrEnum
from typing import NamedTuple


class Change(StrEnum):
    """Whether a value may change."""

    MUTABLE = "mutable"
    IMMUTABLE = "immutable"
    OUTSIDE = "immutable (but there are mutable things in it)"


class Method(NamedTuple):
    """A method and how it is called."""

    name: str
    parameters: str


def change(val: object) -> Change:
    """Returns whether a value may change: what can be hashed may not."""
    if not isinstance(val, tuple):
        return Change.IMMUTABLE if isinstance(val, Hashable) else Change.MUTABLE
    inner = {change(item) for item in val}
    return Change.IMMUTABLE if inner <= {Change.IMMUTABLE} else Change.OUTSIDE


def methods(val: object) -> Iterator[Method]:
    """Yields all methods of a value, those of Python's own protocols last."""
    for name, member in sorted(inspect.getmembers(val, callable), key=lambda pair: (pair[0][0] == "_", pair[0])):
        try:
            yield Method(name, str(inspect.signature(member)))
        except (TypeError, ValueError):
            yield Method(name, "(…)")
