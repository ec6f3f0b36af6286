from __future__ import annotations

import importlib
import inspect
import pkgutil
from importlib.metadata import entry_points
from typing import Any, Self

from .core import (
    DependencyError,
    Plugin,
    PluginBase,
    PluginLoadError,
    RegistrationError,
)

ENTRY_POINT_GROUP = "mastery.plugins"


class PluginManager:
    def __init__(self) -> None:
        self._plugins: dict[str, Plugin] = {}
        self._started: list[str] = []

    # registration -----------------------------------------------------------

    def register(self, plugin: Plugin) -> None:
        if isinstance(plugin, type) or not isinstance(plugin, Plugin):
            raise RegistrationError(f"{plugin!r} does not look like a plugin")
        if plugin.name in self._plugins:
            raise RegistrationError(f"a plugin called {plugin.name!r} is registered")
        self._plugins[plugin.name] = plugin

    def unregister(self, name: str) -> None:
        users = [n for n in self._plugins if name in self._needs(n)]
        if users:
            raise DependencyError(f"{name!r} is needed by {', '.join(users)}")
        del self._plugins[name]

    def get(self, name: str) -> Plugin:
        return self._plugins[name]

    def names(self) -> list[str]:
        return sorted(self._plugins)

    # discovery --------------------------------------------------------------

    def load(self, target: str) -> Plugin:
        """``load("package.module:ClassName")``"""
        module_name, sep, class_name = target.partition(":")
        if not sep:
            raise PluginLoadError(f"{target!r} is not of the form module:Class")
        try:
            factory = getattr(importlib.import_module(module_name), class_name)
        except (ImportError, AttributeError) as exc:
            raise PluginLoadError(f"cannot load {target!r}: {exc}") from exc
        plugin = factory()
        self.register(plugin)
        return plugin

    def discover(self, package: str = "week1.day6.plugins.builtin") -> list[str]:
        """Register each PluginBase subclass of each module of the package."""
        root = importlib.import_module(package)
        found: list[str] = []
        for info in pkgutil.iter_modules(root.__path__, f"{package}."):
            module = importlib.import_module(info.name)
            for _, cls in inspect.getmembers(module, inspect.isclass):
                own = cls.__module__ == module.__name__
                if own and issubclass(cls, PluginBase) and not inspect.isabstract(cls):
                    plugin = cls()
                    self.register(plugin)
                    found.append(plugin.name)
        return found

    def discover_installed(self) -> list[str]:
        """Register what other distributions offer as entry points."""
        found: list[str] = []
        for entry in entry_points(group=ENTRY_POINT_GROUP):
            try:
                plugin = entry.load()()
            except Exception as exc:
                raise PluginLoadError(f"entry point {entry.name!r} failed: {exc}") from exc
            self.register(plugin)
            found.append(plugin.name)
        return found

    # dependencies -----------------------------------------------------------

    def _needs(self, name: str) -> tuple[str, ...]:
        return tuple(getattr(self._plugins[name], "requires", ()))

    def load_order(self) -> list[str]:
        """Kahn's algorithm, alphabetical among equals."""
        waiting = {name: set(self._needs(name)) for name in self._plugins}
        for name, needs in waiting.items():
            if unknown := needs - waiting.keys():
                raise DependencyError(f"{name!r} requires unknown {', '.join(sorted(unknown))}")
        order: list[str] = []
        while waiting:
            ready = sorted(name for name, needs in waiting.items() if not needs)
            if not ready:
                raise DependencyError(f"circular: {', '.join(sorted(waiting))}")
            for name in ready:
                del waiting[name]
            for needs in waiting.values():
                needs.difference_update(ready)
            order += ready
        return order

    # life cycle -------------------------------------------------------------

    def start(self) -> None:
        for name in self.load_order():
            if name not in self._started:
                plugin = self._plugins[name]
                if isinstance(plugin, PluginBase):
                    plugin.activate()
                self._started.append(name)

    def stop(self) -> None:
        while self._started:
            plugin = self._plugins[self._started.pop()]
            if isinstance(plugin, PluginBase):
                plugin.deactivate()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop()

    def execute(self, name: str, *args: Any, **kwargs: Any) -> Any:
        return self.get(name).execute(*args, **kwargs)
