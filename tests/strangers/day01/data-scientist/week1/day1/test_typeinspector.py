import sys
from typing import Any

import pytest

from typeinspector import compare, deep_size, get_info, inspect_value, is_mutable

CASES: dict[str, tuple[Any, bool]] = {
    "int": (42, False),
    "str": ("hello", False),
    "list": ([1, 2, 3], True),
    "tuple": ((1, 2), False),
    "set": ({1, 2}, True),
    "dict": ({"a": 1}, True),
    "float": (0.5, False),
    "bool": (True, False),
    "NoneType": (None, False),
    "frozenset": (frozenset({1}), False),
    "bytes": (b"x", False),
    "bytearray": (bytearray(b"x"), True),
}


@pytest.mark.parametrize("name", CASES)
def test_info(name: str) -> None:
    value, mutable = CASES[name]
    info = get_info(value)
    assert info["type"] == name
    assert info["id"] == id(value)
    assert info["size"] == sys.getsizeof(value)
    assert info["mutable"] is mutable is is_mutable(value)
    assert set(info["methods"] + info["dunders"]) == {
        m for m in dir(value) if callable(getattr(value, m))
    }


@pytest.mark.parametrize("name", CASES)
def test_printed(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    value, mutable = CASES[name]
    info = inspect_value(value)
    out = capsys.readouterr().out
    assert info == get_info(value)
    assert out.startswith(f"<class '{name}'>")
    lines = {line.split()[0]: line.split()[1:] for line in out.splitlines()[1:5]}
    assert lines["id"] == [str(id(value))]
    assert lines["memory"] == [str(sys.getsizeof(value)), "bytes"]
    assert lines["mutable"] == [str(mutable)]
    words = out.replace(",", " ").split()
    for m in info["methods"] + info["dunders"]:
        assert m in words


def test_deep_size() -> None:
    inner = [1, 2, 3]
    assert deep_size([inner]) > sys.getsizeof([inner])
    assert deep_size([inner, inner]) - deep_size([inner]) < sys.getsizeof(inner)  # counted once
    assert deep_size({"k": inner}) > sys.getsizeof({"k": inner}) + sys.getsizeof(inner)


def test_deep_size_of_cycle() -> None:
    x: list[Any] = []
    x.append(x)
    assert deep_size(x) == sys.getsizeof(x)


def test_compare(capsys: pytest.CaptureFixture[str]) -> None:
    compare(1, list(range(100)))
    header, first, second = capsys.readouterr().out.splitlines()
    assert header.split() == ["value", "type", "bytes", "deep", "mutable"]
    assert first.split()[-1] == "False"
    assert "..." in second
