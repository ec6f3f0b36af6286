"""Inspect any value. The pure part makes lines of text; one function prints them."""

from collections.abc import Callable, Iterable, Iterator
from functools import singledispatch
from itertools import chain
from sys import getsizeof
from typing import Any


@singledispatch
def mutable(_val: Any) -> bool:
    """Objects are mutable unless we know better."""
    return True


@mutable.register(int)  # covers bool too
@mutable.register(float)
@mutable.register(complex)
@mutable.register(str)
@mutable.register(bytes)
@mutable.register(tuple)
@mutable.register(frozenset)
@mutable.register(range)
@mutable.register(type(None))
@mutable.register(type(...))
def _(_val: Any) -> bool:
    return False


def method_names(val: Any) -> Iterator[str]:
    return (name for name in dir(val) if callable(getattr(val, name, None)))


def in_columns(words: Iterable[str], per_line: int = 3, width: int = 30) -> Iterator[str]:
    row: list[str] = []
    for word in words:
        row.append(word)
        if len(row) == per_line:
            yield "  " + "".join(w.ljust(width) for w in row).rstrip()
            row = []
    if row:
        yield "  " + "".join(w.ljust(width) for w in row).rstrip()


FACTS: dict[str, Callable[[Any], str]] = {
    "type": lambda v: type(v).__name__,
    "id": lambda v: str(id(v)),
    "size": lambda v: f"{getsizeof(v)} bytes",
    "mutable": lambda v: "yes" if mutable(v) else "no",
}


def describe(val: Any) -> Iterator[str]:
    facts = (f"{label}: {fact(val)}" for label, fact in FACTS.items())
    return chain(facts, ["methods:"], in_columns(method_names(val)))


def inspect_value(val: Any) -> None:
    print("\n".join(describe(val)))


if __name__ == "__main__":
    for example in [1, "one", [1], (1,), {1}, {1: "one"}]:
        inspect_value(example)
        print()
