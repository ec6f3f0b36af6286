from __future__ import annotations

import io
import sys

import pytest

from typeinspector import (
    Inspection,
    Mutability,
    inspect_value,
    main,
    methods,
    mutability,
)


@pytest.mark.parametrize("value", [1, 2**70, 1.0, True, None, "s", b"s", (), (1, "a"), frozenset()])
def test_immutable(value: object) -> None:
    assert mutability(value) is Mutability.IMMUTABLE


@pytest.mark.parametrize("value", [([],), (1, (2, {3})), ({},)])
def test_shallow(value: object) -> None:
    assert mutability(value) is Mutability.SHALLOW
    assert mutability(value).startswith("immutable")


@pytest.mark.parametrize("value", [[], {}, set(), bytearray(), object(), int])
def test_mutable(value: object) -> None:
    assert mutability(value) is Mutability.MUTABLE


@pytest.mark.parametrize("value", [7, "seven", [7], (7,), {7}, {7: "seven"}])
def test_output(value: object, capsys: pytest.CaptureFixture[str]) -> None:
    inspect_value(value)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"Type      : builtins.{type(value).__name__}"
    assert lines[1] == f"Identity  : {id(value):#x}"
    assert lines[2] == f"Size      : {sys.getsizeof(value)} B"
    assert lines[3] == f"Mutability: {mutability(value)}"
    listed = {line.strip().lstrip(".").partition("(")[0] for line in lines[5:]}
    assert listed == {name for name in dir(value) if callable(getattr(value, name))}


def test_other_stream(capsys: pytest.CaptureFixture[str]) -> None:
    stream = io.StringIO()
    inspect_value(3, file=stream)
    assert "builtins.int" in stream.getvalue()
    assert capsys.readouterr().out == ""


def test_signatures() -> None:
    by_name = {m.name: m for m in methods([])}
    assert str(by_name["append"]) == "append(object, /)"
    assert by_name["__len__"].dunder
    assert not by_name["append"].dunder


def test_signature_unknown() -> None:
    assert any(m.signature == "(...)" for m in methods({}))


def test_inspection_is_typed() -> None:
    inspection: Inspection[str] = Inspection.of("x")
    assert inspection.type is str
    assert inspection.value.upper() == "X"


def test_cli(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["[1]", "'a'"]) == 0
    assert capsys.readouterr().out.count("Type      :") == 2
    assert main(["import os"]) == 2
    assert "not a literal" in capsys.readouterr().err
