"""Lines that are put into a learner's module to see where its tests come by, or so that versions of it cannot be told apart by comparing."""

from __future__ import annotations

import builtins
import os
import random
from collections.abc import Collection, Iterable

# The exit code of a process that came by all that it had to. pytest's own end at 5, Python's at 2.
CODE = 87

_NAME = "__reach__"
# So many that nobody guesses one.
NUMBER_BITS = 48
# How many marks there are to one that nobody can come by.
MARKS_TO_A_DUMMY = 4


def idle_line(indent: int, draw: random.Random) -> bytes:
    """Returns a line that does nothing, another each time."""
    return _line(indent, draw.getrandbits(NUMBER_BITS), draw, is_idle=True)


def _line(indent: int, number: int, draw: random.Random, *, is_idle: bool) -> bytes:
    """Returns a line that calls with this number, or that looks so. Which it is can be computed, but not seen."""
    return f"{' ' * indent}if {equation(draw, holds=not is_idle)}: {_NAME}({number})\n".encode()


def equation(draw: random.Random, *, holds: bool) -> str:
    """Returns a condition that always holds or never."""
    first, second = draw.randint(11, 99), draw.randint(11, 99)
    return f"{first} * {second} == {first * second + (0 if holds else draw.choice((-2, -1, 1, 2)))}"


class Marked:
    """Modules with a mark before each statement, and marks among them that nobody can come by."""

    def __init__(self) -> None:
        self._draw = random.SystemRandom()
        # By path.
        self.texts: dict[str, bytes] = {}
        # Where the statement of each mark stands: the path, and the line in the learner's file.
        self.places: dict[int, tuple[str, int]] = {}
        self.dummies: list[int] = []

    def add(self, path: str, text: bytes, stops: Iterable[tuple[int, int, int]]) -> None:
        """Marks a module; `stops` are as `statements.stops_of` gives them."""
        lines = text.splitlines(keepends=True)
        # From the end, so that places before stay where they are.
        for line, indent, place in sorted(stops, reverse=True):
            number = self._draw.getrandbits(NUMBER_BITS)
            self.places[number] = (path, place)
            marks = [_line(indent, number, self._draw, is_idle=False)]
            if self._draw.randrange(MARKS_TO_A_DUMMY) == 0 or not self.dummies:
                self.dummies.append(self._draw.getrandbits(NUMBER_BITS))
                marks.insert(self._draw.randrange(2), _line(indent, self.dummies[-1], self._draw, is_idle=True))
            lines[line - 1 : line - 1] = marks
        self.texts[path] = b"".join(lines)

    def dummy(self) -> int:
        """Returns the number of a mark that nobody can come by."""
        return self._draw.choice(self.dummies)


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
