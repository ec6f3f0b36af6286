"""Registers plugins, discovers them, and puts them in order."""

import importlib
import inspect
import pkgutil
from types import ModuleType
from typing import Any

from .base import Plugin


class PluginError(Exception):
    """Something is wrong with a plugin."""


class MissingDependencyError(PluginError):
    """A plugin needs one that is not there."""


class CircularDependencyError(PluginError):
    """Plugins need each other in a circle."""


class PluginManager:
    """Keeps plugins by their names."""

    def __init__(self) -> None:
        self._plugins: dict[str, Plugin] = {}

    def register(self, plugin: Plugin) -> None:
        """Takes a plugin in."""
        if not isinstance(plugin, Plugin):
            raise TypeError(f"{plugin!r} is no plugin")
        if plugin.name in self._plugins:
            raise PluginError(f"{plugin.name} is registered already")
        self._plugins[plugin.name] = plugin

    def unregister(self, name: str) -> None:
        """Takes a plugin out."""
        if name not in self._plugins:
            raise PluginError(f"{name} is not registered")
        del self._plugins[name]

    def get_plugin(self, name: str) -> Plugin:
        """Returns the plugin of this name."""
        try:
            return self._plugins[name]
        except KeyError:
            raise PluginError(f"{name} is not registered") from None

    def list_plugins(self) -> list[str]:
        """Returns the names of all plugins."""
        return sorted(self._plugins)

    def load_plugin(self, module_name: str) -> list[Plugin]:
        """Imports a module, and registers the plugins in it."""
        module = importlib.import_module(module_name)
        loaded = [cls() for cls in self._classes_in(module)]
        for plugin in loaded:
            self.register(plugin)
        return loaded

    def discover(self, package_name: str) -> list[Plugin]:
        """Loads every module of a package."""
        package = importlib.import_module(package_name)
        found: list[Plugin] = []
        for info in pkgutil.iter_modules(package.__path__):
            found += self.load_plugin(f"{package_name}.{info.name}")
        return found

    @staticmethod
    def _classes_in(module: ModuleType) -> list[type[Plugin]]:
        return [
            cls
            for _, cls in inspect.getmembers(module, inspect.isclass)
            if issubclass(cls, Plugin) and not inspect.isabstract(cls) and cls.__module__ == module.__name__
        ]

    def resolve_dependencies(self) -> list[str]:
        """Returns the names of all plugins, each after those that it needs."""
        order: list[str] = []
        visiting: set[str] = set()

        def visit(name: str) -> None:
            if name in order:
                return
            if name in visiting:
                raise CircularDependencyError(f"{name} needs itself in the end")
            visiting.add(name)
            for needed in self._plugins[name].dependencies:
                if needed not in self._plugins:
                    raise MissingDependencyError(f"{name} needs {needed}, which is not registered")
                visit(needed)
            visiting.remove(name)
            order.append(name)

        for name in self._plugins:
            visit(name)
        return order

    def execute(self, name: str, data: Any) -> Any:
        """Executes one plugin."""
        return self.get_plugin(name).execute(data)
