"""Tests of the inspector."""

import sys

import pytest
from typeinspector import get_methods, inspect_value, is_mutable

SAMPLES = [42, "hello", [1, 2, 3], (1, 2, 3), {1, 2, 3}, {"a": 1}]


@pytest.mark.parametrize("val", SAMPLES)
def test_prints_the_facts(val: object, capsys: pytest.CaptureFixture[str]) -> None:
    inspect_value(val)
    out = capsys.readouterr().out
    assert f"Type: {type(val)}" in out
    assert f"ID: {id(val)}" in out
    assert f"Size: {sys.getsizeof(val)} bytes" in out


@pytest.mark.parametrize("val", SAMPLES)
def test_prints_every_method(val: object, capsys: pytest.CaptureFixture[str]) -> None:
    inspect_value(val)
    methods = capsys.readouterr().out.split("Methods: ")[1].strip().split(", ")
    assert methods[:-1] == get_methods(val)


@pytest.mark.parametrize(
    ("val", "expected"),
    [(42, False), ("hello", False), ((1, 2), False), ([1], True), ({1}, True), ({"a": 1}, True)],
)
def test_is_mutable(val: object, expected: bool) -> None:
    assert is_mutable(val) is expected


def test_methods_of_a_list() -> None:
    assert "append" in get_methods([])
    assert "append" not in get_methods(())
