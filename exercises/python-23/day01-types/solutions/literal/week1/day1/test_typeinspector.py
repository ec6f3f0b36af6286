from typing import Any

import pytest

from . import typeinspector
from .typeinspector import inspectValue, isMutable


class TestInspectValue:
    @pytest.mark.parametrize(
        "val, kind, method",
        [
            (7, "int", "to_bytes"),
            ("seven", "str", "zfill"),
            ([7], "list", "sort"),
            ((7,), "tuple", "count"),
            ({7}, "set", "union"),
            ({"seven": 7}, "dict", "values"),
        ],
    )
    def test_output(self, val: Any, kind: str, method: str, capsys: Any) -> None:
        text = inspectValue(val)
        assert capsys.readouterr().out == text + "\n"
        assert f"typeof: {kind}," in text
        assert f"id: {id(val)}," in text
        assert f"    {method}" in text

    def test_unknown(self) -> None:
        assert "mutability: unknown" in typeinspector.toText(object())


class TestIsMutable:
    def test_three_answers(self) -> None:
        assert isMutable([]) is True
        assert isMutable(()) is False
        assert isMutable(object()) is None
