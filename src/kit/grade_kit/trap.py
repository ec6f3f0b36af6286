"""A line that ends the process, or does nothing and looks the same."""

from __future__ import annotations

import random

# The exit code of a process that came by a trap. pytest's own end at 5, Python's at 2.
CODE = 87


def line_of_trap(indent: int, draw: random.Random, *, closes: bool) -> str:
    """Returns the line. It reads the same whether it closes or not, but for the numbers."""
    first, second = draw.randint(11, 99), draw.randint(11, 99)
    result = first * second + (0 if closes else draw.choice((-2, -1, 1, 2)))
    return f"{' ' * indent}if {first} * {second} == {result}: __import__('os')._exit({CODE})\n"
