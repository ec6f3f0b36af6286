"""Plugin interface (structural) and metadata."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar, runtime_checkable

InT_contra = TypeVar("InT_contra", contravariant=True)
OutT_co = TypeVar("OutT_co", covariant=True)
ConfigT = TypeVar("ConfigT")


@runtime_checkable
class Plugin(Protocol[InT_contra, OutT_co]):
    """Anything with a name, a version and ``execute``; no base class needed."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def execute(self, data: InT_contra, /) -> OutT_co: ...


class Configurable(Generic[ConfigT]):
    """Mixin for the plugins that take a configuration dataclass."""

    def __init__(self, config: ConfigT) -> None:
        self.config = config


@dataclass(frozen=True, order=True)
class Version:
    major: int
    minor: int = 0
    patch: int = 0

    @classmethod
    def parse(cls, text: str) -> Version:
        if not re.fullmatch(r"\d+(\.\d+){0,2}", text):
            raise ValueError(f"not a version: {text!r}")
        return cls(*map(int, text.split(".")))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


@dataclass(frozen=True)
class Requirement:
    """``Requirement.parse("text>=1.2")``"""

    name: str
    minimum: Version = Version(0)

    @classmethod
    def parse(cls, text: str) -> Requirement:
        name, _, version = text.partition(">=")
        return cls(name.strip(), Version.parse(version.strip()) if version else Version(0))

    def allows(self, version: str) -> bool:
        return Version.parse(version) >= self.minimum

    def __str__(self) -> str:
        return f"{self.name}>={self.minimum}" if self.minimum > Version(0) else self.name


def requirements_of(plugin: Plugin[object, object]) -> tuple[Requirement, ...]:
    return tuple(Requirement.parse(text) for text in getattr(plugin, "requires", ()))
