from collections import OrderedDict
from sys import getsizeof
from typing import Any, NamedTuple

import pytest

import typeinspector as ti

VALUES = [12, -1, True, None, 1.5, 2j, "text", b"raw", (), (1, [2]), frozenset("ab"), range(3)]
CHANGEABLE = [[], [1], set(), {1}, {}, {"k": 1}, bytearray(b"x"), OrderedDict(), object()]


class Pair(NamedTuple):
    a: int
    b: int


@pytest.mark.parametrize("val", [*VALUES, Pair(1, 2), ...])
def test_immutable(val: Any) -> None:
    assert not ti.mutable(val)


@pytest.mark.parametrize("val", [*CHANGEABLE, pytest, Pair])
def test_mutable(val: Any) -> None:
    assert ti.mutable(val)


@pytest.mark.parametrize("val", VALUES + CHANGEABLE)
def test_printed(val: Any, capsys: pytest.CaptureFixture[str]) -> None:
    ti.inspect_value(val)
    kind, ident, size, mutable, heading, *methods = capsys.readouterr().out.splitlines()
    assert kind == f"type: {type(val).__name__}"
    assert ident == f"id: {id(val)}"
    assert size == f"size: {getsizeof(val)} bytes"
    assert mutable in ("mutable: yes", "mutable: no")
    assert heading == "methods:"
    assert " ".join(methods).split() == list(ti.method_names(val))


@pytest.mark.parametrize(
    ("val", "yes", "no"),
    [
        (1, "bit_length", "real"),
        (2j, "conjugate", "imag"),
        ("a", "join", "__doc__"),
        ([], "append", "__hash__"),
        ({}, "get", "__doc__"),
        (set(), "add", "__hash__"),
        ((), "index", "__doc__"),
    ],
)
def test_methods(val: Any, yes: str, no: str) -> None:
    names = set(ti.method_names(val))
    assert yes in names
    assert no not in names


def test_columns() -> None:
    assert list(ti.in_columns("abcde", per_line=2, width=3)) == ["  a  b", "  c  d", "  e"]
    assert list(ti.in_columns([])) == []
