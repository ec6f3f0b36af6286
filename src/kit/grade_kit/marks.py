"""Lines that are put into a learner's module to see where its tests come by, or so that versions of it cannot be told apart by comparing."""

from __future__ import annotations

import builtins
import os
import random
from collections.abc import Collection, Iterable

# The exit code of a process that came by all that it had to. pytest's own end at 5, Python's at 2.
CODE = 87

_NAME = "__reach__"


def idle_line(indent: int, draw: random.Random) -> bytes:
    """Returns a line that does nothing, another each time."""
    first, second = draw.randint(11, 99), draw.randint(11, 99)
    return f"{' ' * indent}if {first} * {second} == {first * second + draw.choice((-2, -1, 1, 2))}: {_NAME}({draw.randint(1, 99)})\n".encode()


def marked(text: bytes, stops: Iterable[tuple[int, int, int]]) -> bytes:
    """Returns a module's text with a mark before each of these lines, given with how far it is indented and the number of its mark."""
    lines = text.splitlines(keepends=True)
    # From the end, so that places before stay where they are.
    for line, indent, number in sorted(stops, reverse=True):
        lines.insert(line - 1, f"{' ' * indent}{_NAME}({number})\n".encode())
    return b"".join(lines)


class Reach:
    """Notes the marks that a process comes by, and ends it when it has come by all of `goal`."""

    def __init__(self, goal: Collection[int]) -> None:
        self.seen: set[int] = set()
        self._missing = set(goal)

    def install(self) -> None:
        """Gives the marks of this process something to call."""
        setattr(builtins, _NAME, self._come_by)

    def _come_by(self, number: int) -> None:
        if number not in self.seen:
            self.seen.add(number)
            self._missing.discard(number)
            if not self._missing:
                os._exit(CODE)
