"""``inspect_value(val)`` prints what Python knows about a value.

Also a command: ``python typeinspector.py '[1, 2]' '{"a": 1}'``
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from typing import TextIO

from _model import Inspection, Method, Mutability, methods, mutability

__all__ = ["Inspection", "Method", "Mutability", "inspect_value", "main", "methods", "mutability"]


def render(inspection: Inspection[object]) -> str:
    head = [
        f"Type      : {inspection.type.__module__}.{inspection.type.__qualname__}",
        f"Identity  : 0x{inspection.id:x}",
        f"Size      : {inspection.size} B",
        f"Mutability: {inspection.mutability}",
        "Methods   :",
    ]
    return "\n".join(head + [f"    .{method}" for method in inspection.methods])


def inspect_value(val: object, *, file: TextIO | None = None) -> None:
    """Print the inspection of *val* to *file* (standard output by default)."""
    print(render(Inspection.of(val)), file=file)


def main(argv: Sequence[str] | None = None) -> int:
    """Every argument is a Python literal."""
    arguments = sys.argv[1:] if argv is None else argv
    for argument in arguments:
        try:
            value: object = ast.literal_eval(argument)
        except (SyntaxError, ValueError):
            print(f"not a literal: {argument}", file=sys.stderr)
            return 2
        inspect_value(value)
    return 0


if __name__ == "__main__":
    sys.exit(main())
