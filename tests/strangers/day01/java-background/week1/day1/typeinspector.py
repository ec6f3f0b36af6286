"""Type inspector, the entry point is :func:`inspect_value`."""

import sys
from enum import Enum
from typing import Any, Final, TextIO


class Mutability(Enum):
    MUTABLE = "Mutable"
    IMMUTABLE = "Immutable"


class ReportPrinter:
    """Formats rows of a report into a stream."""

    def __init__(self, stream: TextIO, width: int = 70) -> None:
        self._stream: TextIO = stream
        self._width: int = width

    def print_header(self, title: str) -> None:
        self._line("+" + "-" * self._width + "+")
        self._line("| " + title)
        self._line("+" + "-" * self._width + "+")

    def print_row(self, label: str, value: str) -> None:
        self._line(f"| {label:<10} | {value}")

    def print_list(self, label: str, items: list[str]) -> None:
        self._line(f"| {label} ({len(items)})")
        for item in items:
            self._line(f"|     {item}()")

    def print_footer(self) -> None:
        self._line("+" + "-" * self._width + "+")

    def _line(self, text: str) -> None:
        self._stream.write(text + "\n")


class TypeInspector:
    """Wraps one value and answers questions about it."""

    _IMMUTABLE: Final = frozenset(
        {int, float, complex, bool, str, bytes, tuple, frozenset, range, type(None), slice}
    )

    def __init__(self, value: Any) -> None:
        self._value: Any = value

    def get_type_name(self) -> str:
        cls = type(self._value)
        if cls.__module__ == "builtins":
            return cls.__qualname__
        return f"{cls.__module__}.{cls.__qualname__}"

    def get_id(self) -> int:
        return id(self._value)

    def get_size(self) -> int:
        return sys.getsizeof(self._value)

    def get_mutability(self) -> Mutability:
        # walk up the class hierarchy so that namedtuples, IntEnums, ... are found
        for cls in type(self._value).__mro__:
            if cls in self._IMMUTABLE:
                return Mutability.IMMUTABLE
        return Mutability.MUTABLE

    def is_mutable(self) -> bool:
        return self.get_mutability() is Mutability.MUTABLE

    def get_methods(self) -> list[str]:
        result: list[str] = []
        for name in dir(self._value):
            if self._is_method(name):
                result.append(name)
        return result

    def _is_method(self, name: str) -> bool:
        try:
            return callable(getattr(self._value, name))
        except Exception:  # noqa: BLE001 - a property may throw anything
            return False

    def print_to(self, printer: ReportPrinter) -> None:
        printer.print_header("INSPECTION OF " + repr(self._value))
        printer.print_row("Type", self.get_type_name())
        printer.print_row("Id", hex(self.get_id()) + f" ({self.get_id()})")
        printer.print_row("Size", f"{self.get_size()} bytes")
        printer.print_row("Mutability", self.get_mutability().value)
        printer.print_list("Methods", self.get_methods())
        printer.print_footer()


def inspect_value(val: Any) -> None:
    """Print the full report about ``val`` to the standard output."""
    TypeInspector(val).print_to(ReportPrinter(sys.stdout))


def main() -> None:
    for value in (42, "text", [1, 2], (1, 2), {1, 2}, {"key": "value"}):
        inspect_value(value)


if __name__ == "__main__":
    main()
