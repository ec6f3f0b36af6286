"""Prints a value's passport: `inspect_value(val)`, or `python typeinspector.py "[1, 2]"`."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence

from looking import change, methods

__all__ = ["inspect_value", "main"]


def _lines(val: object, signatures: bool) -> Iterator[str]:
    cls = type(val)
    yield f"Class........ {cls.__module__}.{cls.__qualname__}"
    yield f"Identity..... 0x{id(val):X}"
    yield f"In memory.... {sys.getsizeof(val)}B"
    yield f"Mutability... {change(val)}"
    for method in methods(val):
        yield f"    .{method.name}{method.parameters if signatures else '()'}"


def inspect_value(val: object, /, *, signatures: bool = True) -> None:
    """Prints all that is known about a value."""
    print("\n".join(_lines(val, signatures)))


def main(argv: Sequence[str]) -> int:
    """Inspects each argument, a Python literal."""
    for text in argv:
        inspect_value(ast.literal_eval(text))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
