"""A validator object that knows a schema and collects everything that is wrong with a configuration.

    validator = ConfigValidator({"port": {"type": "integer", "required": True}})
    if not validator.validate({"port": "80"}):
        print(*validator.errors, sep="\\n")
"""

from __future__ import annotations

import json
import os
from typing import Any

import yaml

TYPES: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}


class ConfigError(Exception):
    pass


class UnsupportedFormat(ConfigError):
    pass


class BrokenFile(ConfigError):
    pass


class MissingField(ConfigError):
    def __str__(self) -> str:
        return f"missing required field: {self.args[0]}"


class WrongType(ConfigError):
    def __str__(self) -> str:
        where, wanted, value = self.args
        return f"field {where}: must be {wanted}, not {type(value).__name__}"


class ConfigValidator:
    def __init__(self, schema: dict[str, Any]) -> None:
        self.schema = schema
        self.errors: list[ConfigError] = []

    def validate(self, config: dict[str, Any]) -> bool:
        self.errors = []
        self._check(config, self.schema, "")
        return not self.errors

    def validate_file(self, filename: str) -> bool:
        return self.validate(self.load(filename))

    def _check(self, config: dict[str, Any], schema: dict[str, Any], prefix: str) -> None:
        for key, rules in schema.items():
            where = prefix + key
            if key not in config:
                if not rules.get("required", False):
                    self.errors.append(MissingField(where))
                continue
            value = config[key]
            wanted = rules["type"]
            is_bool = isinstance(value, bool) and wanted != "boolean"
            if is_bool or not isinstance(value, TYPES[wanted]):
                self.errors.append(WrongType(where, wanted, value))
            elif "properties" in rules:
                self._check(value, rules["properties"], where + "/")

    @staticmethod
    def load(filename: str) -> dict[str, Any]:
        extension = os.path.splitext(filename)[1].lower()
        with open(filename, encoding="utf-8") as file:
            try:
                if extension == ".json":
                    config = json.load(file)
                elif extension in (".yaml", ".yml"):
                    config = yaml.safe_load(file)
                else:
                    raise UnsupportedFormat(f"{filename}: neither JSON nor YAML")
            except (json.JSONDecodeError, yaml.YAMLError) as error:
                raise BrokenFile(f"{filename} is broken: {error}") from error
        if not isinstance(config, dict):
            raise BrokenFile(f"{filename} must hold an object")
        return config
