"""The shape of plugins, and a base class for those that want one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

In = TypeVar("In", contravariant=True)
Out = TypeVar("Out", covariant=True)


@dataclass(frozen=True, slots=True)
class PluginMetadata:
    """What is known of a plugin before it is made."""

    name: str
    version: str
    depends_on: frozenset[str] = field(default_factory=frozenset)
    description: str = ""


@dataclass(frozen=True, slots=True)
class PluginResult(Generic[Out]):
    """What an execution came to."""

    success: bool
    value: Out | None = None
    errors: tuple[str, ...] = ()


class Plugin(Protocol[In, Out]):
    """A plugin, of whatever class."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def execute(self, payload: In, /) -> PluginResult[Out]: ...


class BasePlugin(ABC, Generic[In, Out]):
    """Reads name and version from the metadata."""

    metadata: PluginMetadata

    def __init__(self, options: Mapping[str, object] | None = None) -> None:
        self.options = dict(options or {})

    @property
    def name(self) -> str:
        return self.metadata.name

    @property
    def version(self) -> str:
        return self.metadata.version

    @abstractmethod
    def execute(self, payload: In, /) -> PluginResult[Out]: ...
