"""Validates configuration files against a schema: a dict of names and types, nested like the configuration."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

Schema = Mapping[str, Any]

SERVER_SCHEMA: Schema = {
    "name": str,
    "debug": bool,
    "server": {"host": str, "port": int, "tls": {"certificate": str}},
}


class ConfigError(Exception):
    """Something is wrong with a configuration."""


class ConfigFileError(ConfigError):
    """The file cannot be read."""


class ValidationError(ConfigError):
    """A field is wrong."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path


class MissingFieldError(ValidationError):
    """A required field is not there."""

    def __init__(self, path: str) -> None:
        super().__init__(path, "this field is required, and missing")


class WrongTypeError(ValidationError):
    """A field has a value of another type."""

    def __init__(self, path: str, expected: type, found: object) -> None:
        super().__init__(path, f"expected {expected.__name__}, found {type(found).__name__} ({found!r})")


def load_config(path: Path | str) -> dict[str, Any]:
    """Reads a JSON or YAML file, as its ending says."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
        data = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except OSError as error:
        raise ConfigFileError(f"{path}: {error.strerror}") from error
    except json.JSONDecodeError as error:
        raise ConfigFileError(f"{path}, line {error.lineno}: {error.msg}") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise ConfigFileError(f"{path}, line {line}: {error.problem}") from error
    if not isinstance(data, dict):
        raise ConfigFileError(f"{path}: a configuration is a mapping of names to values")
    return data


def validate(config: Mapping[str, Any], schema: Schema, path: str = "") -> None:
    """Raises a ValidationError at the first field that does not fit the schema."""
    for name, expected in schema.items():
        where = f"{path}.{name}" if path else name
        if name not in config:
            raise MissingFieldError(where)
        value = config[name]
        if isinstance(expected, Mapping):
            if not isinstance(value, Mapping):
                raise WrongTypeError(where, dict, value)
            validate(value, expected, where)
        elif not isinstance(value, expected) or (isinstance(value, bool) and expected is not bool):
            raise WrongTypeError(where, expected, value)


def validate_file(path: Path | str, schema: Schema) -> dict[str, Any]:
    """Reads a file, validates it and returns what it holds."""
    return load_config(path)
