"""Load a JSON/YAML file into a dataclass; the dataclass IS the schema.

    @dataclass
    class Database:
        host: str
        port: int = 5432

    @dataclass
    class App:
        name: str
        database: Database
        tags: list[str] = field(default_factory=list)

    app = load_config("app.yaml", App)
    app.database.port

Fields with a default are optional, all others are required. For those who
prefer the schema as a dict there is ``validate_dict``.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from dataclasses import MISSING, dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml

T = TypeVar("T")


# -- errors ------------------------------------------------------------------


class ConfigError(Exception):
    """Anything wrong with a config file."""


@dataclass
class ConfigParseError(ConfigError):
    path: Path
    reason: str
    line: int | None = None

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else f"{self.path}"
        return f"{where}: {self.reason}"


@dataclass
class ConfigFieldError(ConfigError):
    field: str
    line: int | None = dataclasses.field(default=None, kw_only=True)

    @property
    def problem(self) -> str:
        return "invalid"

    def __str__(self) -> str:
        suffix = f" [line {self.line}]" if self.line else ""
        return f"{self.field}: {self.problem}{suffix}"


@dataclass
class MissingFieldError(ConfigFieldError):
    @property
    def problem(self) -> str:
        return "this field is required"


@dataclass
class UnexpectedFieldError(ConfigFieldError):
    @property
    def problem(self) -> str:
        return "this field is not known"


@dataclass
class FieldTypeError(ConfigFieldError):
    expected: str
    value: Any

    @property
    def problem(self) -> str:
        return f"should be {self.expected}, not {type(self.value).__name__} ({self.value!r})"


@dataclass
class InvalidConfigError(ConfigError):
    errors: list[ConfigFieldError]

    def __str__(self) -> str:
        return "\n".join(str(e) for e in self.errors)


# -- checking ----------------------------------------------------------------


@dataclass
class _Context:
    lines: dict[str, int]
    allow_unknown: bool = True
    errors: list[ConfigFieldError] = dataclasses.field(default_factory=list)

    def line(self, field: str) -> int | None:
        """Line of the field, or of the closest parent that has one."""
        while field and field not in self.lines:
            cut = max(field.rfind("."), field.rfind("["))
            field = field[:cut] if cut > 0 else ""
        return self.lines.get(field)

    def missing(self, field: str) -> None:
        self.errors.append(MissingFieldError(field, line=self.line(field)))

    def unexpected(self, field: str) -> None:
        self.errors.append(UnexpectedFieldError(field, line=self.line(field)))

    def wrong_type(self, field: str, expected: Any, value: Any) -> None:
        name = _type_name(expected)
        self.errors.append(FieldTypeError(field or "(config)", name, value, line=self.line(field)))


def _type_name(tp: Any) -> str:
    if tp is type(None):
        return "null"
    if dataclasses.is_dataclass(tp):
        return "a section"
    if typing.get_origin(tp) in (typing.Union, types.UnionType):
        return " or ".join(_type_name(t) for t in typing.get_args(tp))
    if typing.get_origin(tp) is not None:
        return str(tp).replace("typing.", "")
    return getattr(tp, "__name__", str(tp))


def _join(parent: str, name: str) -> str:
    return f"{parent}.{name}" if parent else name


def _convert(value: Any, tp: Any, where: str, ctx: _Context) -> Any:
    origin, args = typing.get_origin(tp), typing.get_args(tp)

    if tp is Any:
        return value

    if dataclasses.is_dataclass(tp) and isinstance(tp, type):
        return _build(value, tp, where, ctx)

    if origin in (typing.Union, types.UnionType):
        for option in args:
            attempt = _Context(ctx.lines, ctx.allow_unknown)
            result = _convert(value, option, where, attempt)
            if not attempt.errors:
                return result
        # for "Section | None" the inner errors say more than "wrong type"
        sections = [a for a in args if dataclasses.is_dataclass(a)]
        if isinstance(value, dict) and len(sections) == 1:
            return _convert(value, sections[0], where, ctx)
        ctx.wrong_type(where, tp, value)
        return None

    if origin is list or tp is list:
        if not isinstance(value, list):
            ctx.wrong_type(where, tp, value)
            return None
        item = args[0] if args else Any
        return [_convert(v, item, f"{where}[{i}]", ctx) for i, v in enumerate(value)]

    if origin is dict or tp is dict:
        if not isinstance(value, dict):
            ctx.wrong_type(where, tp, value)
            return None
        item = args[1] if args else Any
        return {k: _convert(v, item, _join(where, str(k)), ctx) for k, v in value.items()}

    if isinstance(value, bool) and tp is not bool:
        ctx.wrong_type(where, tp, value)
    elif tp is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    elif not isinstance(value, tp):
        ctx.wrong_type(where, tp, value)
    return value


def _build(value: Any, cls: type[T], where: str, ctx: _Context) -> T | None:
    if not isinstance(value, dict):
        ctx.wrong_type(where, cls, value)
        return None
    before = len(ctx.errors)
    hints = typing.get_type_hints(cls)
    arguments: dict[str, Any] = {}
    known = dataclasses.fields(cls)  # type: ignore[arg-type]
    for f in known:
        here = _join(where, f.name)
        if f.name in value:
            arguments[f.name] = _convert(value[f.name], hints[f.name], here, ctx)
        elif f.default is MISSING and f.default_factory is MISSING:
            ctx.missing(here)
    if not ctx.allow_unknown:
        for key in value:
            if key not in {f.name for f in known}:
                ctx.unexpected(_join(where, str(key)))
    if len(ctx.errors) > before:
        return None
    return cls(**arguments)


# -- reading -----------------------------------------------------------------


def _lines(node: Any, prefix: str = "") -> dict[str, int]:
    """Key -> line number (from 1), using the YAML node tree."""
    result: dict[str, int] = {}
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = _join(prefix, str(key.value))
            result[here] = key.start_mark.line + 1
            result |= _lines(value, here)
    elif isinstance(node, yaml.SequenceNode):
        for i, item in enumerate(node.value):
            here = f"{prefix}[{i}]"
            result[here] = item.start_mark.line + 1
            result |= _lines(item, here)
    return result


def read(path: Path) -> tuple[Any, dict[str, int]]:
    """Return the raw data and the line of each field."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as e:
        raise ConfigParseError(path, f"cannot be read ({e.strerror})") from e

    if path.suffix == ".json":
        try:
            data = json.loads(text)
        except json.JSONDecodeError as e:
            raise ConfigParseError(path, e.msg, e.lineno) from e
    elif path.suffix in (".yaml", ".yml"):
        try:
            data = yaml.safe_load(text)
        except yaml.MarkedYAMLError as e:
            line = e.problem_mark.line + 1 if e.problem_mark else None
            raise ConfigParseError(path, e.problem or "broken YAML", line) from e
    else:
        raise ConfigParseError(path, "only .json, .yaml and .yml files can be read")

    try:
        return data, _lines(yaml.compose(text, Loader=yaml.SafeLoader))
    except yaml.YAMLError:  # some JSON is not YAML (tabs)
        return data, {}


def load_config(path: str | Path, cls: type[T], *, allow_unknown: bool = True) -> T:
    """Read *path* and make an instance of the dataclass *cls* from it."""
    data, lines = read(Path(path))
    ctx = _Context(lines, allow_unknown)
    result = _build(data, cls, "", ctx)
    if ctx.errors:
        raise InvalidConfigError(ctx.errors)
    assert result is not None
    return result


def validate_dict(data: Any, schema: dict[str, Any]) -> list[ConfigFieldError]:
    """Check plain data against a schema dict; return the errors.

    Values of the schema are types (``int``, ``list[str]``, ``str | None``) or
    again dicts. A tuple ``(type, default)`` makes the field optional.
    """
    ctx = _Context({})
    _convert(data, _dataclass_for(schema), "", ctx)
    return ctx.errors


def _dataclass_for(schema: dict[str, Any], name: str = "Schema") -> type:
    fields: list[Any] = []
    for key, spec in schema.items():
        if isinstance(spec, dict):
            fields.append((key, _dataclass_for(spec, key.title())))
        elif isinstance(spec, tuple):
            default = dataclasses.field(default_factory=lambda d=spec[1]: d)  # type: ignore[misc]
            fields.append((key, spec[0], default))
        else:
            fields.append((key, spec))
    return dataclasses.make_dataclass(name, fields, kw_only=True)
