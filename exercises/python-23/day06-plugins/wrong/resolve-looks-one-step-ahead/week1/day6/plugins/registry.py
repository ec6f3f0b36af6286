"""The manager."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any

from week1.day6.plugins.interfaces import BasePlugin


class DependencyError(RuntimeError):
    """The plugins cannot be put in order."""


class PluginManager:
    """Knows classes of plugins, and makes each when it is first asked for."""

    def __init__(self, packages: Iterable[str] = ()) -> None:
        self._classes: dict[str, type[BasePlugin[Any, Any]]] = {}
        self._instances: dict[str, BasePlugin[Any, Any]] = {}
        for package in packages:
            self.discover(importlib.import_module(package))

    def register(self, cls: type[BasePlugin[Any, Any]]) -> type[BasePlugin[Any, Any]]:
        """Takes a class in. Can be used as a decorator."""
        self._classes[cls.metadata.name] = cls
        return cls

    def __contains__(self, name: object) -> bool:
        return name in self._classes

    def __iter__(self) -> Iterator[str]:
        return iter(self._classes)

    def get(self, name: str) -> BasePlugin[Any, Any]:
        if name not in self._instances:
            self._instances[name] = self._classes[name]()
        return self._instances[name]

    def discover(self, package: ModuleType) -> list[str]:
        """Imports the modules of a package, and registers the plugins in them."""
        before = set(self._classes)
        for _, name, _ in pkgutil.walk_packages(package.__path__, prefix=f"{package.__name__}."):
            module = importlib.import_module(name)
            for _, cls in inspect.getmembers(module, inspect.isclass):
                if issubclass(cls, BasePlugin) and not inspect.isabstract(cls):
                    self.register(cls)
        return [name for name in self._classes if name not in before]

    def resolve(self, name: str) -> list[str]:
        """Returns what a plugin needs, in order, and last the plugin itself."""
        return list(self._visit(name, ()))

    def _visit(self, name: str, path: tuple[str, ...]) -> dict[str, None]:
        if name in path:
            raise DependencyError(" -> ".join((*path, name)))
        if name not in self._classes:
            raise DependencyError(f"{path[-1] if path else '?'} needs {name}, which is unknown")
        order: dict[str, None] = {}
        for needed in sorted(self._classes[name].metadata.depends_on):
            if needed == name or needed not in self._classes:
                raise DependencyError(f"{name} needs {needed}, which is unknown" if needed != name else f"{name} -> {name}")
            order |= {needed: None}
        return order | {name: None}
