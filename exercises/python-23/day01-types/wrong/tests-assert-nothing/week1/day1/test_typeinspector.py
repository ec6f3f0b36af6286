"""Calls the inspector with everything."""

from typeinspector import inspect_value


def test_all() -> None:
    for val in (42, "hello", [1, 2, 3], (1, 2, 3), {1, 2, 3}, {"a": 1}):
        inspect_value(val)


def test_empty() -> None:
    inspect_value([])
    print("works")
