from __future__ import annotations

from typing import Any

import pytest

from config_validator import ConfigValidationError, Optional_, validate


@pytest.mark.parametrize(
    ("spec", "value"),
    [
        (int, 3),
        (float, 3),
        (float, 3.5),
        (bool, True),
        (str | None, None),
        (int | str, "x"),
        (list[int], []),
        (dict[str, int], {"a": 1}),
        ({"x": int}, {"x": 1, "unknown": 2}),
        ([{"x": int}], [{"x": 1}, {"x": 2}]),
        (Any, object()),
    ],
)
def test_accepts(spec: Any, value: Any) -> None:
    assert validate({"f": value}, {"f": spec})["f"] == value


@pytest.mark.parametrize(
    ("spec", "value", "field"),
    [
        (int, True, "f"),
        (int, 3.0, "f"),
        (int, "3", "f"),
        (float, False, "f"),
        (str, None, "f"),
        (bool, 0, "f"),
        (str | None, 5, "f"),
        (list[int], [1, "2"], "f[1]"),
        (list[int], "12", "f"),
        (dict[str, int], {"a": "1"}, "f.a"),
        (dict[str, int], [], "f"),
        ({"x": {"y": int}}, {"x": {"y": "1"}}, "f.x.y"),
        ({"x": int}, 5, "f"),
        ([{"x": int}], [{"x": 1}, {}], "f[1].x"),
    ],
)
def test_rejects(spec: Any, value: Any, field: str) -> None:
    with pytest.raises(ConfigValidationError) as info:
        validate({"f": value}, {"f": spec})
    (error,) = info.value
    assert error.field == field
    assert error.line is None


def test_optional() -> None:
    schema = {"a": Optional_(int), "b": Optional_({"c": int}, {"c": 1})}
    assert validate({}, schema) == {"a": None, "b": {"c": 1}}
    with pytest.raises(ConfigValidationError, match="expected int"):
        validate({"a": "x"}, schema)
    with pytest.raises(ConfigValidationError, match=r"b\.c: required field is missing"):
        validate({"b": {}}, schema)


def test_input_is_not_changed() -> None:
    data: dict[str, Any] = {}
    validate(data, {"a": Optional_(int, 1)})
    assert data == {}
