from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True)
class PluginConfig:
    """Options all plugins have; plugins with more options inherit from it."""

    enabled: bool = True
    priority: int = 100


@dataclass(frozen=True)
class Result:
    """What every plugin returns."""

    plugin: str
    ok: bool
    value: Any = None
    error: str | None = None


@dataclass
class Plugin(ABC):
    """Base of the plugins. Subclasses set the class variables."""

    config: PluginConfig = field(default_factory=PluginConfig)

    name: ClassVar[str]
    version: ClassVar[str]
    depends_on: ClassVar[frozenset[str]] = frozenset()
    config_class: ClassVar[type[PluginConfig]] = PluginConfig

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for attribute in ("name", "version"):
            if not isinstance(getattr(cls, attribute, None), str):
                raise TypeError(f"{cls.__name__} must define the class attribute '{attribute}'")

    @abstractmethod
    def execute(self, data: Any) -> Result: ...

    def success(self, value: Any) -> Result:
        return Result(self.name, True, value)

    def failure(self, error: str, value: Any = None) -> Result:
        return Result(self.name, False, value, error)
