"""A report about any value, as an object and as a table."""

from __future__ import annotations

import sys
from collections.abc import Iterator, MutableMapping, MutableSequence, MutableSet
from dataclasses import dataclass
from enum import Enum
from typing import Any, TextIO


class Mutability(Enum):
    """Whether a value can be changed after it was made."""

    MUTABLE = "can be changed in place"
    IMMUTABLE = "cannot be changed in place"

    @classmethod
    def of(cls, val: Any) -> Mutability:
        """Judges by the abstract base classes, so that classes of one's own are judged as well."""
        changing = isinstance(val, (MutableSequence, MutableMapping, MutableSet))
        return cls.MUTABLE if changing else cls.IMMUTABLE


@dataclass(frozen=True, slots=True)
class Report:
    """All that is found out about a value."""

    kind: type
    address: int
    size: int
    mutability: Mutability
    methods: tuple[str, ...]

    @classmethod
    def of(cls, val: Any) -> Report:
        """Looks at a value."""
        methods = (name for name in dir(val) if not name.startswith("_") and callable(getattr(val, name)))
        return cls(type(val), id(val), sys.getsizeof(val), Mutability.of(val), tuple(methods))

    def rows(self) -> Iterator[tuple[str, str]]:
        """Yields what a table says, row by row."""
        yield "type", self.kind.__qualname__
        yield "id", f"{self.address:#018x}"
        yield "memory", f"{self.size:,} B"
        yield "mutability", f"{self.mutability.name.lower()} ({self.mutability.value})"
        for number, name in enumerate(self.methods):
            yield "" if number else f"methods ({len(self.methods)})", f".{name}()"

    def __str__(self) -> str:
        rows = list(self.rows())
        left, right = (max(len(row[column]) for row in rows) for column in (0, 1))
        lines = [f"│ {name:<{left}} │ {told:<{right}} │" for name, told in rows]
        top, bottom = ("┌", "┬", "┐"), ("└", "┴", "┘")
        frame = [f"{a}{'─' * (left + 2)}{b}{'─' * (right + 2)}{c}" for a, b, c in (top, bottom)]
        return "\n".join([frame[0], *lines, frame[1]])


def inspect_value(val: Any, *, file: TextIO | None = None) -> Report:
    """Returns what is in the table about a value."""
    return Report.of(val)
