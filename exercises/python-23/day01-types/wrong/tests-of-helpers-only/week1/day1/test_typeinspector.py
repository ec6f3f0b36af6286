"""Tests of the helpers."""

from typeinspector import get_methods, is_mutable


def test_mutable() -> None:
    assert is_mutable([1]) and is_mutable({1}) and is_mutable({"a": 1})
    assert not is_mutable((1, 2))


def test_methods() -> None:
    assert "append" in get_methods([])
    assert "upper" in get_methods("text")
    assert "bit_length" in get_methods(42)
