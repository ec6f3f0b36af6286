"""A schema is a function, and is put together from functions.

    shop = section(name=text, port=integer, tags=optional(list_of(text)), db=section(host=text))
    problems(shop, read("shop.yaml"))       # a list; empty where all is well
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml


class Problem(Exception):
    """Something is wrong at a place: its names, outermost first."""

    def __init__(self, names: tuple[str, ...], text: str) -> None:
        super().__init__(f"{':'.join(names)} {text}")


class NotThere(Problem):
    """A field is not there."""


class NotOfThatType(Problem):
    """A value is of another type."""


Check = Callable[[Any, tuple[str, ...]], Iterator[Problem]]


def a(word: str, *types: type) -> Check:
    """Returns a check for values of exactly these types."""

    def check(value: Any, names: tuple[str, ...]) -> Iterator[Problem]:
        if type(value) not in types:
            yield NotOfThatType(names, f"is no {word}, but {value!r}")

    return check


text = a("text", str)
integer = a("whole number", int)
number = a("number", int, float)
boolean = a("boolean", bool)
anything_in_a_list = a("list", list)

optional_checks: list[Check] = []


def optional(check: Check) -> Check:
    """Returns the same check for a field that need not be there."""

    def same(value: Any, names: tuple[str, ...]) -> Iterator[Problem]:
        return check(value, names)

    return same


def list_of(check: Check) -> Check:
    """Returns a check for lists all of whose items pass."""

    def check_list(value: Any, names: tuple[str, ...]) -> Iterator[Problem]:
        yield from anything_in_a_list(value, names)
        if isinstance(value, list):
            for index, item in enumerate(value):
                yield from check(item, (*names, str(index)))

    return check_list


def section(**fields: Check) -> Check:
    """Returns a check for sections with these fields."""

    def check_section(value: Any, names: tuple[str, ...]) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield NotOfThatType(names, f"is no section, but {value!r}")
            return
        for name, check in fields.items():
            if name in value:
                yield from check(value[name], (*names, name))
            elif check not in optional_checks:
                yield NotThere((*names, name), "is needed")

    return check_section


def read(path: Path | str) -> Any:
    """Returns what a file holds. What the parsers and the system raise says which file and which line."""
    parsers: dict[str, Callable[[str], Any]] = {".json": json.loads, ".yaml": yaml.safe_load, ".yml": yaml.safe_load}
    return parsers[Path(path).suffix](Path(path).read_text())


def problems(schema: Check, config: Any) -> list[Problem]:
    """Returns everything that is wrong with a configuration."""
    return list(schema(config, ()))
