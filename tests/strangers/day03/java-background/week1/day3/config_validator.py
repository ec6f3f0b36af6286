"""Reads configuration files and validates them against a schema."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import yaml

from exceptions import (
    ConfigFileNotFoundException,
    ConfigurationException,
    InvalidTypeException,
    MalformedConfigException,
    MissingFieldException,
    UnknownFieldException,
    UnsupportedFormatException,
)
from schema import ListOf, ObjectSchema, SchemaNode, schema_from_dict


class ConfigReader(ABC):
    """Strategy for one file format."""

    @abstractmethod
    def read(self, text: str) -> Any: ...


class JsonConfigReader(ConfigReader):
    def read(self, text: str) -> Any:
        try:
            return json.loads(text)
        except json.JSONDecodeError as exc:
            raise MalformedConfigException(f"malformed JSON: {exc.msg}", line=exc.lineno) from exc


class YamlConfigReader(ConfigReader):
    def read(self, text: str) -> Any:
        try:
            return yaml.safe_load(text)
        except yaml.YAMLError as exc:
            line = None
            if isinstance(exc, yaml.MarkedYAMLError) and exc.problem_mark is not None:
                line = exc.problem_mark.line + 1
            raise MalformedConfigException(f"malformed YAML: {exc}", line=line) from exc


class ConfigReaderFactory:
    _readers: dict[str, type[ConfigReader]] = {  # noqa: RUF012
        ".json": JsonConfigReader,
        ".yaml": YamlConfigReader,
        ".yml": YamlConfigReader,
    }

    @classmethod
    def create(cls, suffix: str) -> ConfigReader:
        if suffix.lower() not in cls._readers:
            raise UnsupportedFormatException(f"unsupported configuration format '{suffix}'")
        return cls._readers[suffix.lower()]()


class LineFinder:
    """Finds the line in which a field is defined, by looking for its keys in turn."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()

    def find(self, keys: list[str]) -> int | None:
        start = 0
        line: int | None = None
        for key in keys:
            for index in range(start, len(self._lines)):
                if self._defines(self._lines[index], key):
                    line = index + 1
                    # on one line JSON the next key may stand on the same line
                    start = index
                    break
            else:
                return line
        return line

    @staticmethod
    def _defines(line: str, key: str) -> bool:
        stripped = line.strip()
        return (
            f'"{key}"' in stripped
            or f"'{key}'" in stripped
            or stripped.removeprefix("- ").startswith(f"{key}:")
        )


class ConfigValidator:
    """Validates configurations against one schema.

    ``validate`` raises the first problem, ``get_violations`` lists them all.
    """

    def __init__(self, schema: ObjectSchema | dict[str, Any]) -> None:
        self._schema = schema_from_dict(schema) if isinstance(schema, dict) else schema

    def validate_file(self, path: str | Path) -> dict[str, Any]:
        config, text = self._read(Path(path))
        self.validate(config, text)
        return config

    def get_file_violations(self, path: str | Path) -> list[ConfigurationException]:
        config, text = self._read(Path(path))
        return self.get_violations(config, text)

    def validate(self, config: Any, text: str = "") -> None:
        violations = self.get_violations(config, text)
        if violations:
            raise violations[0]

    def get_violations(self, config: Any, text: str = "") -> list[ConfigurationException]:
        violations: list[ConfigurationException] = []
        self._visit(config, self._schema, "", [], LineFinder(text), violations)
        return violations

    @staticmethod
    def _read(path: Path) -> tuple[Any, str]:
        reader = ConfigReaderFactory.create(path.suffix)
        if not path.is_file():
            raise ConfigFileNotFoundException(f"configuration file not found: {path}")
        text = path.read_text(encoding="utf-8")
        return reader.read(text), text

    def _visit(
        self,
        value: Any,
        node: SchemaNode,
        field: str,
        keys: list[str],
        finder: LineFinder,
        violations: list[ConfigurationException],
    ) -> None:
        if not node.accepts(value):
            violations.append(
                InvalidTypeException(
                    field or "<root>", node.type_name, type(value).__name__, finder.find(keys)
                )
            )
            return
        if isinstance(node, ObjectSchema):
            for name, (child, required) in node.fields.items():
                child_field = f"{field}.{name}" if field else name
                if name in value:
                    self._visit(value[name], child, child_field, [*keys, name], finder, violations)
                elif required:
                    violations.append(MissingFieldException(child_field, finder.find(keys)))
            if node.strict:
                for name in value:
                    if name not in node.fields:
                        child_field = f"{field}.{name}" if field else str(name)
                        line = finder.find([*keys, str(name)])
                        violations.append(UnknownFieldException(child_field, line))
        elif isinstance(node, ListOf):
            for index, item in enumerate(value):
                self._visit(item, node.item, f"{field}[{index}]", keys, finder, violations)
