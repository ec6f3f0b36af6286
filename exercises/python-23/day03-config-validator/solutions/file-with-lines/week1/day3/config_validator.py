"""Validates a configuration file and reports every problem with its line.

JSON is YAML, too, so one parser reads both, and its nodes know where they stand. The schema is a small piece of JSON Schema.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


class ConfigProblem(Exception):
    """One problem, at a place in the file."""

    def __init__(self, place: str, line: int, text: str) -> None:
        super().__init__(f"line {line}: {place}: {text}")


class AbsentKey(ConfigProblem):
    """A required key is absent."""


class BadType(ConfigProblem):
    """A value has the wrong type."""


class InvalidConfig(ExceptionGroup[ConfigProblem]):
    """All problems of a file."""

    def __str__(self) -> str:
        return "\n".join([self.message, *(f"  {problem}" for problem in self.exceptions)])


class UnreadableConfig(Exception):
    """The file is absent or not well-formed."""


TAGS = {
    "string": ("str",),
    "integer": ("int",),
    "number": ("int", "float"),
    "boolean": ("bool",),
    "array": ("seq",),
    "object": ("map",),
}


@dataclass
class Place:
    """Where a node stands."""

    node: yaml.Node
    path: tuple[str, ...] = ()

    @property
    def line(self) -> int:
        return self.node.start_mark.line + 1

    @property
    def kind(self) -> str:
        return self.node.tag.rpartition(":")[2]

    def members(self) -> dict[str, "Place"]:
        assert isinstance(self.node, yaml.MappingNode)
        return {key.value: Place(value, (*self.path, key.value)) for key, value in self.node.value}

    def __str__(self) -> str:
        return "$" + "".join(f"[{step!r}]" for step in self.path)


def problems_of(place: Place, schema: dict[str, Any]) -> list[ConfigProblem]:
    """Returns what is wrong here and below."""
    wanted = schema["type"]
    if place.kind not in TAGS[wanted]:
        return [BadType(str(place), place.line, f"expected {wanted}, got {place.kind}")]
    if "properties" not in schema:
        return []
    members = place.members()
    found: list[ConfigProblem] = []
    for key in schema.get("required", []):
        if key not in members:
            found.append(AbsentKey(f"{place}[{key!r}]", place.line, "is required but absent"))
    for key, inner in schema["properties"].items():
        if key in members:
            found += problems_of(members[key], inner)
    return found


def validate_config(path: Path, schema: dict[str, Any]) -> dict[str, Any]:
    """Returns what the file holds, or raises InvalidConfig with all problems."""
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text)
        config = yaml.safe_load(text)
    except (OSError, yaml.YAMLError) as error:
        raise UnreadableConfig(f"cannot read {path}: {error}") from error
    if root is None:
        raise UnreadableConfig(f"{path} is empty")
    if found := problems_of(Place(root), {"type": "object", **schema}):
        raise InvalidConfig(f"{path} is not valid:", found)
    result: dict[str, Any] = config
    return result
