"""Type inspection tool: look at any Python value as the object it is."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, is_dataclass
from typing import Any

IMMUTABLE_TYPES: tuple[type, ...] = (
    int,
    float,
    complex,
    bool,
    str,
    bytes,
    tuple,
    frozenset,
    range,
    type(None),
    type(Ellipsis),
    type(NotImplemented),
)


@dataclass(frozen=True)
class ValueReport:
    """Everything we know about one value."""

    type_name: str
    object_id: int
    size_bytes: int
    mutable: bool
    public_methods: list[str] = field(default_factory=list)
    special_methods: list[str] = field(default_factory=list)

    @property
    def all_methods(self) -> list[str]:
        return sorted(self.public_methods + self.special_methods)

    def __str__(self) -> str:
        lines = [
            f"Type:        {self.type_name}",
            f"Id:          {self.object_id} ({self.object_id:#x})",
            f"Size:        {self.size_bytes} bytes",
            f"Mutability:  {'mutable' if self.mutable else 'immutable'}",
            f"Methods ({len(self.public_methods)}):",
            *(f"  - {name}" for name in self.public_methods),
            f"Special methods ({len(self.special_methods)}):",
            *(f"  - {name}" for name in self.special_methods),
        ]
        return "\n".join(lines)


def is_mutable(val: Any) -> bool:
    """Say whether the object itself can be changed in place.

    A tuple is immutable even if it holds a list: its slots never change.
    Instances of frozen dataclasses count as immutable; every other class we
    do not know is taken as mutable, which is what Python does by default.
    """
    if isinstance(val, IMMUTABLE_TYPES):
        return False
    if is_dataclass(val) and not isinstance(val, type):
        return not val.__dataclass_params__.frozen  # type: ignore[attr-defined]
    return True


def collect_methods(val: Any) -> list[str]:
    """Names in dir(val) that can be called."""
    found: list[str] = []
    for name in dir(val):
        # look at the class first: a property there must not be run
        attribute = getattr(type(val), name, None)
        if isinstance(attribute, property):
            continue
        if callable(getattr(val, name, None)):
            found.append(name)
    return found


def build_report(val: Any) -> ValueReport:
    methods = collect_methods(val)
    return ValueReport(
        type_name=type(val).__name__,
        object_id=id(val),
        size_bytes=sys.getsizeof(val),
        mutable=is_mutable(val),
        public_methods=[m for m in methods if not m.startswith("_")],
        special_methods=[m for m in methods if m.startswith("_")],
    )


def inspect_value(val: Any) -> ValueReport:
    """Print the report for *val* and hand it back."""
    report = build_report(val)
    print(report)
    return report


def main() -> None:
    samples: list[Any] = [42, "hello", [1, 2, 3], (1, 2), {1, 2}, {"a": 1}]
    for sample in samples:
        print("=" * 40)
        print(f"Value:       {sample!r}")
        inspect_value(sample)


if __name__ == "__main__":
    main()
