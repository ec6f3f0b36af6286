"""Functions that yield what is wrong: `list(validate(schema, config))` is empty where all is well."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import singledispatch
from pathlib import Path
from typing import Any

import yaml


class Complaint(Exception):
    """What is wrong with one field."""

    text = "{where} is wrong"

    def __init__(self, *steps: str, **details: str) -> None:
        self.steps = steps
        super().__init__(self.text.format(where="/".join(steps), **details))

    def below(self, step: str) -> Complaint:
        """Returns the same complaint as it is seen from one level higher."""
        lifted = type(self).__new__(type(self))
        Exception.__init__(lifted, f"{step}/{self}")
        lifted.steps = (step, *self.steps)
        return lifted


class Missing(Complaint):
    text = "{where}: not found"


class Mismatch(Complaint):
    text = "{where}: {found} where {wanted} is wanted"


@singledispatch
def validate(schema: Any, config: Any) -> Iterator[Complaint]:
    """Yields what is wrong with a configuration, according to what kind of schema it is."""
    raise TypeError(f"{schema!r} is no schema")


@validate.register
def _(schema: dict, config: Any) -> Iterator[Complaint]:  # type: ignore[type-arg]
    if not isinstance(config, dict):
        yield Mismatch("", found=type(config).__name__, wanted="a mapping")
        return
    for key, inner in schema.items():
        if key in config:
            yield from (complaint.below(key) for complaint in validate(inner, config[key]))
        else:
            yield Missing(key)


@validate.register
def _(schema: type, config: Any) -> Iterator[Complaint]:
    if type(config) is not schema:
        yield Mismatch("", found=type(config).__name__, wanted=schema.__name__)


def load(source: str | Path) -> Any:
    """Reads a file: JSON if that is what it is called, YAML otherwise."""
    with Path(source).open(encoding="utf-8") as file:
        return json.load(file) if file.name.endswith("json") else yaml.safe_load(file)


def check_file(source: str | Path, schema: dict[str, Any]) -> Any:
    """Returns what a file holds. Raises the first complaint about it."""
    config = load(source)
    for complaint in validate(schema, config):
        raise complaint
    return config
