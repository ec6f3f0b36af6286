import sys

import pytest

from typeinspector import inspect_value, methods, mutable


@pytest.mark.parametrize("v", [0, 2**100, 1.0, True, None, "s", b"s", (1,), ([],), frozenset()])
def test_immutable(v: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert not mutable(v)
    inspect_value(v)
    assert capsys.readouterr().out.splitlines()[0].endswith(" immutable")


@pytest.mark.parametrize("v", [[], [1], {1}, set(), {}, {"k": 1}, bytearray()])
def test_mutable(v: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert mutable(v)
    inspect_value(v)
    assert capsys.readouterr().out.splitlines()[0].endswith(" mutable")


@pytest.mark.parametrize("v", [5, "txt", [1, 2], (1, 2), {1, 2}, {"a": 1}])
def test_output(v: object, capsys: pytest.CaptureFixture[str]) -> None:
    inspect_value(v)
    head, names = capsys.readouterr().out.splitlines()
    assert head.startswith(f"<class '{type(v).__name__}'>")
    assert f"id={id(v)}" in head
    assert f"size={sys.getsizeof(v)}B" in head
    assert names.split() == methods(v)


@pytest.mark.parametrize(
    "v, name",
    [(5, "bit_length"), ("x", "upper"), ([], "append"), ((), "count"), (set(), "add"), ({}, "items")],
)
def test_methods(v: object, name: str) -> None:
    assert name in methods(v)
    assert "__repr__" in methods(v)
    assert "__doc__" not in methods(v)


def test_custom() -> None:
    class A:
        x = 1

        def go(self) -> None: ...

    assert mutable(A()) and "go" in methods(A()) and "x" not in methods(A())
