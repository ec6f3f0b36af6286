"""Schema description objects and a fluent builder."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any


class SchemaNode(ABC):
    """Describes what a value must look like."""

    @property
    @abstractmethod
    def type_name(self) -> str: ...

    @abstractmethod
    def accepts(self, value: Any) -> bool:
        """Check the value itself (not what is inside of it)."""


class Scalar(SchemaNode):
    def __init__(self, type_name: str, *python_types: type) -> None:
        self._type_name = type_name
        self._python_types = python_types

    @property
    def type_name(self) -> str:
        return self._type_name

    def accepts(self, value: Any) -> bool:
        if isinstance(value, bool) and bool not in self._python_types:
            return False
        return isinstance(value, self._python_types)


class ListOf(SchemaNode):
    def __init__(self, item: SchemaNode) -> None:
        self.item = item

    @property
    def type_name(self) -> str:
        return f"list of {self.item.type_name}"

    def accepts(self, value: Any) -> bool:
        return isinstance(value, list)


class ObjectSchema(SchemaNode):
    """``ObjectSchema().require("port", INTEGER).optional("debug", BOOLEAN)``"""

    def __init__(self, *, strict: bool = False) -> None:
        self.fields: dict[str, tuple[SchemaNode, bool]] = {}
        self.strict = strict

    def require(self, name: str, node: SchemaNode) -> ObjectSchema:
        self.fields[name] = (node, True)
        return self

    def optional(self, name: str, node: SchemaNode) -> ObjectSchema:
        self.fields[name] = (node, False)
        return self

    @property
    def type_name(self) -> str:
        return "object"

    def accepts(self, value: Any) -> bool:
        return isinstance(value, dict)


STRING = Scalar("string", str)
INTEGER = Scalar("integer", int)
NUMBER = Scalar("number", int, float)
BOOLEAN = Scalar("boolean", bool)

_SCALARS = {"string": STRING, "integer": INTEGER, "number": NUMBER, "boolean": BOOLEAN}


def schema_from_dict(description: dict[str, Any], *, strict: bool = False) -> ObjectSchema:
    """Build a schema from a plain dict.

    ``{"host": "string", "port": "integer?", "db": {...}, "tags": ["string"]}``;
    a question mark after the type makes the field optional; a nested dict may
    be made optional with a question mark after its *name*.
    """
    result = ObjectSchema(strict=strict)
    for name, what in description.items():
        is_optional = name.endswith("?") or (isinstance(what, str) and what.endswith("?"))
        node = _node(what, strict)
        if is_optional:
            result.optional(name.rstrip("?"), node)
        else:
            result.require(name, node)
    return result


def _node(what: Any, strict: bool) -> SchemaNode:
    if isinstance(what, dict):
        return schema_from_dict(what, strict=strict)
    if isinstance(what, list) and len(what) == 1:
        return ListOf(_node(what[0], strict))
    if isinstance(what, str) and what.rstrip("?") in _SCALARS:
        return _SCALARS[what.rstrip("?")]
    raise ValueError(f"cannot understand schema entry: {what!r}")
