"""Configuration validator with source locations.

JSON is (nearly) a subset of YAML, so both formats go through PyYAML's node
graph: nodes carry marks, and so every error knows its line and column.
JSON files are still decoded by :mod:`json` first so that YAML-only syntax is
not let through in a ``.json`` file.

A schema is a mapping from field name to one of

* a type: ``{"port": int}``
* a union: ``{"port": int | None}``
* a parametrised container: ``{"tags": list[str]}``, ``{"env": dict[str, str]}``
* a nested mapping: ``{"db": {"host": str}}``
* a one-element list with a schema for each item: ``{"servers": [{"ip": str}]}``
* any of these in :class:`Optional_`, for fields that may be left out.
"""

from __future__ import annotations

import json
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, TypeAlias, Union, get_args, get_origin

import yaml

FieldPath: TypeAlias = tuple[str | int, ...]

__all__ = [
    "ConfigError",
    "ConfigSyntaxError",
    "ConfigValidationError",
    "Location",
    "MissingField",
    "Optional_",
    "TypeMismatch",
    "UnsupportedFormat",
    "load",
    "validate",
]


@dataclass(frozen=True, slots=True)
class Location:
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Optional_:
    """Marks a field as optional, with an optional default."""

    spec: Any
    default: Any = None


def render_path(path: FieldPath) -> str:
    out = ""
    for part in path:
        if isinstance(part, int):
            out += f"[{part}]"
        else:
            out += f".{part}" if out else part
    return out or "<root>"


# --------------------------------------------------------------------------
# errors


class ConfigError(Exception):
    """Base of everything raised here."""


class UnsupportedFormat(ConfigError):
    pass


class ConfigSyntaxError(ConfigError):
    def __init__(self, source: Path, reason: str, location: Location | None) -> None:
        self.source, self.reason, self.location = source, reason, location
        where = f"{source}:{location}" if location else str(source)
        super().__init__(f"{where}: {reason}")


class FieldError(ConfigError):
    """A problem with one field."""

    code: ClassVar[str] = "invalid"

    def __init__(self, path: FieldPath, reason: str, location: Location | None = None) -> None:
        self.path, self.reason, self.location = path, reason, location
        where = f" (line {location.line}, column {location.column})" if location else ""
        super().__init__(f"{render_path(path)}: {reason}{where}")

    @property
    def field(self) -> str:
        return render_path(self.path)

    @property
    def line(self) -> int | None:
        return self.location.line if self.location else None


class MissingField(FieldError):
    code = "missing"


class TypeMismatch(FieldError):
    code = "type"


class ConfigValidationError(ConfigError):
    """All problems of one file."""

    def __init__(self, source: Path | None, errors: list[FieldError]) -> None:
        self.source, self.errors = source, tuple(errors)
        head = f"{len(errors)} problem(s) in {source or 'configuration'}"
        super().__init__("\n".join([head, *(f"  * {e}" for e in errors)]))

    def __iter__(self) -> Iterator[FieldError]:
        return iter(self.errors)

    def __len__(self) -> int:
        return len(self.errors)


# --------------------------------------------------------------------------
# reading


def _locations(node: yaml.Node | None) -> dict[FieldPath, Location]:
    found: dict[FieldPath, Location] = {}

    def walk(current: yaml.Node, path: FieldPath) -> None:
        mark = current.start_mark
        found.setdefault(path, Location(mark.line + 1, mark.column + 1))
        if isinstance(current, yaml.MappingNode):
            for key, value in current.value:
                walk(value, (*path, str(key.value)))
        elif isinstance(current, yaml.SequenceNode):
            for index, item in enumerate(current.value):
                walk(item, (*path, index))

    if node is not None:
        walk(node, ())
    return found


def _parse(path: Path) -> tuple[Any, dict[FieldPath, Location]]:
    text = path.read_text(encoding="utf-8")
    match path.suffix.lower():
        case ".json":
            try:
                data = json.loads(text)
            except json.JSONDecodeError as exc:
                raise ConfigSyntaxError(path, exc.msg, Location(exc.lineno, exc.colno)) from exc
            try:
                # tabs are fine in JSON, but not for the YAML scanner
                return data, _locations(yaml.compose(text.replace("\t", " "), yaml.SafeLoader))
            except yaml.YAMLError:
                return data, {}
        case ".yaml" | ".yml":
            try:
                return yaml.safe_load(text), _locations(yaml.compose(text, yaml.SafeLoader))
            except yaml.MarkedYAMLError as exc:
                mark = exc.problem_mark
                location = Location(mark.line + 1, mark.column + 1) if mark else None
                raise ConfigSyntaxError(path, exc.problem or str(exc), location) from exc
            except yaml.YAMLError as exc:
                raise ConfigSyntaxError(path, str(exc), None) from exc
        case other:
            raise UnsupportedFormat(f"{path}: cannot read {other or 'files without suffix'!r}")


# --------------------------------------------------------------------------
# checking


def describe(spec: Any) -> str:
    if isinstance(spec, Optional_):
        return describe(spec.spec)
    if isinstance(spec, Mapping):
        return "mapping"
    if isinstance(spec, list):
        return f"list of {describe(spec[0])}"
    if spec is type(None):
        return "null"
    if isinstance(spec, types.UnionType) or get_origin(spec) is Union:
        return " or ".join(describe(arg) for arg in get_args(spec))
    if get_origin(spec) is not None:
        return str(spec)
    return getattr(spec, "__name__", str(spec))


class _Checker:
    def __init__(self, locations: Mapping[FieldPath, Location]) -> None:
        self.locations = locations
        self.errors: list[FieldError] = []

    def locate(self, path: FieldPath) -> Location | None:
        while path not in self.locations and path:
            path = path[:-1]
        return self.locations.get(path)

    def mismatch(self, path: FieldPath, spec: Any, value: Any) -> None:
        actual = "null" if value is None else type(value).__name__
        reason = f"expected {describe(spec)}, got {actual} {value!r}"
        self.errors.append(TypeMismatch(path, reason, self.locate(path)))

    def check(self, spec: Any, value: Any, path: FieldPath) -> Any:
        """Check one value; return it with the defaults filled in."""
        if isinstance(spec, Mapping):
            return self.mapping(spec, value, path)
        if isinstance(spec, list):
            return self.items(spec[0], spec, value, path)
        origin = get_origin(spec)
        if origin is Union or isinstance(spec, types.UnionType):
            for arm in get_args(spec):
                trial = _Checker(self.locations)
                result = trial.check(arm, value, path)
                if not trial.errors:
                    return result
            self.mismatch(path, spec, value)
            return value
        if origin is list:
            return self.items(get_args(spec)[0], spec, value, path)
        if origin is dict:
            if not isinstance(value, dict):
                self.mismatch(path, spec, value)
                return value
            _, item_spec = get_args(spec)
            return {k: self.check(item_spec, v, (*path, str(k))) for k, v in value.items()}
        if not self.is_a(spec, value):
            self.mismatch(path, spec, value)
        return value

    def items(self, item: Any, spec: Any, value: Any, path: FieldPath) -> Any:
        if not isinstance(value, list):
            self.mismatch(path, spec, value)
            return value
        return [self.check(item, element, (*path, i)) for i, element in enumerate(value)]

    def mapping(self, spec: Mapping[str, Any], value: Any, path: FieldPath) -> Any:
        if not isinstance(value, dict):
            self.mismatch(path, spec, value)
            return value
        result = dict(value)
        for name, sub in spec.items():
            here = (*path, name)
            if name in value:
                inner = sub.spec if isinstance(sub, Optional_) else sub
                result[name] = self.check(inner, value[name], here)
            elif isinstance(sub, Optional_):
                result[name] = sub.default
            else:
                reason = f"required field is missing (expected {describe(sub)})"
                self.errors.append(MissingField(here, reason, self.locate(path)))
        return result

    @staticmethod
    def is_a(spec: Any, value: Any) -> bool:
        if spec is Any or spec is object:
            return True
        if isinstance(value, bool):
            return spec is bool
        if spec is float:
            return isinstance(value, float | int)
        if spec is None:
            return value is None
        return isinstance(value, spec)


def validate(
    data: Any,
    schema: Mapping[str, Any],
    *,
    source: Path | None = None,
    locations: Mapping[FieldPath, Location] | None = None,
) -> dict[str, Any]:
    """Return *data* with defaults, or raise :class:`ConfigValidationError`."""
    checker = _Checker(locations or {})
    result = checker.check(schema, data, ())
    if checker.errors:
        raise ConfigValidationError(source, checker.errors)
    assert isinstance(result, dict)
    return result


def load(path: str | Path, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Read a JSON or YAML file and validate it.

    A file that cannot be read raises the plain :class:`OSError`.
    """
    source = Path(path)
    data, locations = _parse(source)
    return validate(data, schema, source=source, locations=locations)
