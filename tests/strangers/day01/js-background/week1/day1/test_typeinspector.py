import sys
from typing import Any

import pytest

from .typeinspector import getMethods, inspect_value, isMutable


class TestIsMutable:
    @pytest.mark.parametrize("val", [[], {}, set(), bytearray(), lambda: 0, pytest])
    def test_yes(self, val: Any) -> None:
        assert isMutable(val) is True

    @pytest.mark.parametrize("val", [0, 0.0, "", b"", (), ([],), None, False, frozenset(), range(0)])
    def test_no(self, val: Any) -> None:
        assert isMutable(val) is False

    def test_dont_know(self) -> None:
        assert isMutable(object()) is None


class TestInspectValue:
    @pytest.mark.parametrize(
        ("val", "name", "word", "method"),
        [
            (123, "int", "immutable", "bit_length"),
            ("abc", "str", "immutable", "upper"),
            ([1], "list", "mutable", "append"),
            ((1,), "tuple", "immutable", "count"),
            ({1}, "set", "mutable", "add"),
            ({"a": 1}, "dict", "mutable", "items"),
        ],
    )
    def test_prints_everything(
        self, val: Any, name: str, word: str, method: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        text = inspect_value(val)
        assert capsys.readouterr().out == text + "\n"
        lines = [line.strip().rstrip(",") for line in text.splitlines()]
        assert f"type: {name}" in lines
        assert f"id: {id(val)}" in lines
        assert f"size: {sys.getsizeof(val)}" in lines
        assert f"mutability: {word}" in lines
        assert method in lines
        for m in getMethods(val):
            assert m in lines

    def test_unknown(self, capsys: pytest.CaptureFixture[str]) -> None:
        inspect_value(object())
        assert "mutability: unknown" in capsys.readouterr().out


def test_attributes_are_not_methods() -> None:
    class Foo:
        bar = 1

        def baz(self) -> None:
            """does nothing"""

    methods = getMethods(Foo())
    assert "baz" in methods
    assert "bar" not in methods
