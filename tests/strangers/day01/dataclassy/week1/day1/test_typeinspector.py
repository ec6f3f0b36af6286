from __future__ import annotations

import sys
from dataclasses import FrozenInstanceError, dataclass
from typing import Any

import pytest

from typeinspector import ValueReport, build_report, inspect_value, is_mutable, main


@dataclass(frozen=True)
class Point:
    x: int


@dataclass
class Box:
    x: int


class Grumpy:
    @property
    def nope(self) -> int:
        raise RuntimeError("do not look")

    def hello(self) -> str:
        return "hi"


SAMPLES: list[tuple[Any, str, bool]] = [
    (7, "int", False),
    (10**50, "int", False),
    (1.5, "float", False),
    (True, "bool", False),
    (None, "NoneType", False),
    ("abc", "str", False),
    ((1, [2]), "tuple", False),
    (frozenset({1}), "frozenset", False),
    ([1, 2], "list", True),
    ({1, 2}, "set", True),
    ({"a": 1}, "dict", True),
    (bytearray(b"x"), "bytearray", True),
    (Point(1), "Point", False),
    (Box(1), "Box", True),
]


@pytest.mark.parametrize(("value", "type_name", "mutable"), SAMPLES)
def test_report(value: Any, type_name: str, mutable: bool) -> None:
    report = build_report(value)
    assert report.type_name == type_name
    assert report.mutable is mutable
    assert report.object_id == id(value)
    assert report.size_bytes == sys.getsizeof(value)


@pytest.mark.parametrize(("value", "type_name", "mutable"), SAMPLES)
def test_everything_is_printed(
    value: Any, type_name: str, mutable: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    inspect_value(value)
    out = capsys.readouterr().out
    assert f"Type:        {type_name}\n" in out
    assert str(id(value)) in out
    assert f"{sys.getsizeof(value)} bytes" in out
    assert ("Mutability:  mutable" in out) is mutable
    for name in dir(value):
        if callable(getattr(value, name)):
            assert f"  - {name}" in out.splitlines()


def test_public_and_special_are_apart() -> None:
    report = build_report([])
    assert "append" in report.public_methods
    assert "__len__" in report.special_methods
    assert "__doc__" not in report.all_methods
    assert "__hash__" not in report.all_methods  # None on lists


def test_raising_property_is_skipped() -> None:
    report = build_report(Grumpy())
    assert "hello" in report.public_methods
    assert "nope" not in report.public_methods


def test_classes_are_mutable() -> None:
    assert is_mutable(Point)
    assert is_mutable(Grumpy)


def test_returned_report_is_frozen() -> None:
    report = inspect_value(1)
    assert isinstance(report, ValueReport)
    with pytest.raises(FrozenInstanceError):
        report.mutable = True  # type: ignore[misc]


def test_main_shows_all_samples(capsys: pytest.CaptureFixture[str]) -> None:
    main()
    out = capsys.readouterr().out
    for name in ("int", "str", "list", "tuple", "set", "dict"):
        assert f"Type:        {name}\n" in out
