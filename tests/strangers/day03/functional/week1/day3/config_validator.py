"""Configuration validation as a pipeline of small functions.

A *check* is a function ``(value, path) -> iterator of ValidationError``. Checks
are built by combinators and composed into a schema:

    schema = record(
        name=string,
        port=integer,
        debug=optional(boolean),
        db=record(host=string),
        tags=list_of(string),
    )

    config, errors = check_file("settings.yaml", schema)

Nothing here raises for an invalid *value*: errors come back as a list of
exception instances. ``require_valid`` is for people who would rather raise.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

Trail = tuple[Any, ...]


class ValidationError(Exception):
    def __init__(self, trail: Trail, problem: str, line: int | None = None) -> None:
        self.trail = trail
        self.problem = problem
        self.line = line
        super().__init__(trail, problem, line)

    @property
    def field(self) -> str:
        return "/".join(map(str, self.trail)) or "(top)"

    def __str__(self) -> str:
        at = "" if self.line is None else f"line {self.line}: "
        return f"{at}{self.field}: {self.problem}"


class MissingFieldError(ValidationError):
    pass


class WrongTypeError(ValidationError):
    pass


class ParseError(ValidationError):
    pass


class InvalidConfig(Exception):
    def __init__(self, errors: list[ValidationError]) -> None:
        super().__init__("\n".join(map(str, errors)))
        self.errors = errors


Check = Callable[[Any, Trail], Iterator[ValidationError]]


def typed(name: str, test: Callable[[Any], bool]) -> Check:
    def check(value: Any, trail: Trail) -> Iterator[ValidationError]:
        if not test(value):
            yield WrongTypeError(trail, f"expected {name}, found {value!r} ({type(value).__name__})")

    return check


def _is(*types: type) -> Callable[[Any], bool]:
    return lambda v: isinstance(v, types) and (bool in types or not isinstance(v, bool))


string = typed("string", _is(str))
integer = typed("integer", _is(int))
number = typed("number", _is(int, float))
boolean = typed("boolean", _is(bool))
anything = typed("anything", lambda _: True)
_mapping = typed("mapping", _is(dict))
_sequence = typed("list", _is(list))


class _Optional:
    def __init__(self, check: Check) -> None:
        self.check = check

    def __call__(self, value: Any, trail: Trail) -> Iterator[ValidationError]:
        return self.check(value, trail)


def optional(check: Check) -> Check:
    """The field may be absent; if it is there it must be right."""
    return _Optional(check)


def nullable(check: Check) -> Check:
    return lambda value, trail: iter(()) if value is None else check(value, trail)


def record(**fields: Check) -> Check:
    def one(value: dict[Any, Any], trail: Trail, item: tuple[str, Check]) -> Iterator[ValidationError]:
        name, check = item
        if name in value:
            return check(value[name], (*trail, name))
        if isinstance(check, _Optional):
            return iter(())
        return iter([MissingFieldError((*trail, name), "required field is missing")])

    def check_record(value: Any, trail: Trail) -> Iterator[ValidationError]:
        if not isinstance(value, dict):
            return _mapping(value, trail)
        return chain.from_iterable(map(partial(one, value, trail), fields.items()))

    return check_record


def list_of(check: Check) -> Check:
    def check_list(value: Any, trail: Trail) -> Iterator[ValidationError]:
        if not isinstance(value, list):
            return _sequence(value, trail)
        return chain.from_iterable(check(v, (*trail, i)) for i, v in enumerate(value))

    return check_list


# -- parsing


def _parse_json(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as e:
        raise ParseError((), f"not valid JSON: {e.msg}", e.lineno) from e


def _parse_yaml(text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as e:
        line = e.problem_mark.line + 1 if e.problem_mark else None
        raise ParseError((), f"not valid YAML: {e.problem}", line) from e


PARSERS: dict[str, Callable[[str], Any]] = {
    ".json": _parse_json,
    ".yaml": _parse_yaml,
    ".yml": _parse_yaml,
}


def parse(path: Path) -> Any:
    parser = PARSERS.get(path.suffix)
    if parser is None:
        raise ParseError((), f"unknown file type {path.suffix!r}, use one of {', '.join(PARSERS)}")
    return parser(path.read_text())


# -- line numbers


def line_of(text: str, trail: Trail) -> int | None:
    """Line of a key, found by searching for the keys of the trail in turn.

    List indices are skipped, so for list items this is the line of the list
    (or of the first item with that key): a best effort.
    """
    at, found = 0, False
    for key in (t for t in trail if isinstance(t, str)):
        hit = re.compile(rf"""(?m)(?:^|[\s{{,])["']?{re.escape(key)}["']?\s*:""").search(text, at)
        if hit is None:
            break
        at, found = hit.start() + len(hit[0]) - 1, True
    return text.count("\n", 0, at) + 1 if found else None


def _with_line(text: str, error: ValidationError) -> ValidationError:
    trail = error.trail[:-1] if isinstance(error, MissingFieldError) else error.trail
    return type(error)(error.trail, error.problem, line_of(text, trail))


# -- public entry points


def errors_in(config: Any, schema: Check) -> list[ValidationError]:
    return list(schema(config, ()))


def check_file(path: str | Path, schema: Check) -> tuple[Any, list[ValidationError]]:
    """Return ``(config, errors)``; config is None if the file cannot be parsed."""
    path = Path(path)
    try:
        config = parse(path)
    except ParseError as e:
        return None, [e]
    except FileNotFoundError:
        return None, [ParseError((), f"no such file: {path}")]
    text = path.read_text()
    return config, [_with_line(text, e) for e in errors_in(config, schema)]


def require_valid(path: str | Path, schema: Check) -> Any:
    config, errors = check_file(path, schema)
    if errors:
        raise InvalidConfig(errors)
    return config
