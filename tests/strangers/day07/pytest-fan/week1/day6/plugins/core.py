from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Protocol, runtime_checkable


class PluginError(Exception):
    pass


class RegistrationError(PluginError):
    pass


class PluginLoadError(PluginError):
    pass


class DependencyError(PluginError):
    pass


class NotificationError(PluginError):
    pass


@runtime_checkable
class Plugin(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def execute(self, *args: Any, **kwargs: Any) -> Any: ...


class PluginBase(ABC):
    """Convenience base; any object that satisfies Plugin will do."""

    name: ClassVar[str]
    version: ClassVar[str] = "1.0.0"
    requires: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def execute(self, *args: Any, **kwargs: Any) -> Any: ...

    def activate(self) -> None:
        """Called by PluginManager.start, dependencies first."""

    def deactivate(self) -> None:
        """Called by PluginManager.stop, dependents first."""
