"""Schemas made of field objects, a loader for files, and a result that says what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, ClassVar

import yaml


class Kind(Enum):
    INTEGER = int
    STRING = str
    FLOAT = float
    BOOLEAN = bool
    LIST = list
    DICT = dict


@dataclass(frozen=True)
class Field:
    """One field of a configuration."""

    name: str
    kind: Kind
    required: bool = True
    children: tuple[Field, ...] | list[Field] = ()


class ConfigurationError(Exception):
    """The root of all errors of this module."""


class LoadError(ConfigurationError):
    pass


@dataclass
class FieldError(ConfigurationError):
    steps: tuple[str, ...]

    @property
    def where(self) -> str:
        return " -> ".join(self.steps)


@dataclass
class RequiredFieldError(FieldError):
    def __str__(self) -> str:
        return f"{self.where} is required"


@dataclass
class FieldTypeError(FieldError):
    kind: Kind
    value: object

    def __str__(self) -> str:
        return f"{self.where} should be of kind {self.kind.name.lower()}, but is {self.value!r}"


@dataclass
class Result:
    """What came of a validation."""

    errors: list[FieldError] = field(default_factory=list)

    @property
    def is_valid(self) -> bool:
        return not self.errors

    def raise_for_errors(self) -> None:
        if self.errors:
            raise self.errors[0]


class ConfigLoader:
    """Loads files by their ending."""

    PARSERS: ClassVar[dict[str, Callable[[str], Any]]] = {
        ".json": json.loads,
        ".yaml": yaml.safe_load,
        ".yml": yaml.safe_load,
    }

    def load(self, path: Path) -> dict[str, Any]:
        try:
            parse = self.PARSERS[path.suffix]
        except KeyError:
            raise LoadError(f"do not know how to read {path.name}") from None
        try:
            data = parse(path.read_text())
        except (ValueError, yaml.YAMLError, OSError) as error:
            raise LoadError(f"could not load {path}") from error
        if not isinstance(data, dict):
            raise LoadError(f"{path} holds a {type(data).__name__}")
        return data


class Validator:
    """Holds configurations against fields."""

    def __init__(self, *, fields: list[Field]) -> None:
        self._fields = fields

    def check(self, document: dict[str, Any]) -> Result:
        result = Result()
        todo: list[tuple[tuple[str, ...], Any, Any]] = [((), self._fields, document)]
        while todo:
            steps, fields, values = todo.pop(0)
            for each in fields:
                here = (*steps, each.name)
                if each.name not in values:
                    if each.required:
                        result.errors.append(RequiredFieldError(here))
                    continue
                value = values[each.name]
                if type(value) is not each.kind.value:
                    result.errors.append(FieldTypeError(here, each.kind, value))
                elif each.children:
                    todo.append((here, each.children, value))
        return result
