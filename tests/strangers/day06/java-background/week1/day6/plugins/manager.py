"""Registration, discovery, dependency resolution and execution of plugins."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from .errors import (
    CircularDependencyError,
    DuplicatePluginError,
    InvalidPluginError,
    MissingDependencyError,
    PluginLoadError,
    PluginNotFoundError,
)
from .plugin import Plugin


class PluginManager:
    """Keeps the plugins by name."""

    def __init__(self) -> None:
        self._plugins: dict[str, Plugin] = {}

    # ------------------------------------------------------------ registration

    def register(self, plugin: Plugin) -> None:
        if not isinstance(plugin, Plugin):
            raise InvalidPluginError(f"{plugin!r} does not extend Plugin")
        if plugin.name in self._plugins:
            raise DuplicatePluginError(f"Plugin '{plugin.name}' is already registered")
        self._plugins[plugin.name] = plugin

    def unregister(self, name: str) -> Plugin:
        plugin = self.get(name)
        del self._plugins[name]
        return plugin

    def get(self, name: str) -> Plugin:
        try:
            return self._plugins[name]
        except KeyError:
            raise PluginNotFoundError(f"No plugin named '{name}'") from None

    def get_names(self) -> list[str]:
        return list(self._plugins)

    def __len__(self) -> int:
        return len(self._plugins)

    def __contains__(self, name: object) -> bool:
        return name in self._plugins

    def __iter__(self) -> Iterator[Plugin]:
        return iter(self._plugins.values())

    # --------------------------------------------------------------- discovery

    def load_module(self, module_name: str) -> list[Plugin]:
        """Import a module and register every concrete plugin defined in it."""
        try:
            module = importlib.import_module(module_name)
        except ImportError as exc:
            raise PluginLoadError(f"Cannot import plugin module '{module_name}': {exc}") from exc
        loaded = [cls() for cls in self._plugin_classes(module)]
        for plugin in loaded:
            self.register(plugin)
        return loaded

    def discover(self, package_name: str) -> list[Plugin]:
        """Load all the modules of a package."""
        try:
            package = importlib.import_module(package_name)
        except ImportError as exc:
            raise PluginLoadError(f"Cannot import package '{package_name}': {exc}") from exc
        found: list[Plugin] = []
        for info in pkgutil.iter_modules(package.__path__):
            found.extend(self.load_module(f"{package_name}.{info.name}"))
        return found

    @staticmethod
    def _plugin_classes(module: ModuleType) -> list[type[Plugin]]:
        return [
            cls
            for _, cls in inspect.getmembers(module, inspect.isclass)
            if issubclass(cls, Plugin)
            and not inspect.isabstract(cls)
            and cls.__module__ == module.__name__
        ]

    # ------------------------------------------------------------ dependencies

    def resolve_order(self) -> list[Plugin]:
        """The plugins ordered so that dependencies come before dependents."""
        order: list[Plugin] = []
        done: set[str] = set()
        path: list[str] = []

        def visit(name: str) -> None:
            if name in done:
                return
            if name in path:
                raise CircularDependencyError([*path[path.index(name) :], name])
            path.append(name)
            for dependency in self._plugins[name].dependencies:
                if dependency not in self._plugins:
                    raise MissingDependencyError(name, dependency)
                visit(dependency)
            path.pop()
            done.add(name)
            order.append(self._plugins[name])

        for name in self._plugins:
            visit(name)
        return order

    # --------------------------------------------------------------- execution

    def execute(self, name: str, data: Any = None) -> Any:
        return self.get(name).execute(data)

    def execute_all(self, data: Any = None) -> dict[str, Any]:
        """Run all plugins with the same data, in dependency order."""
        return {plugin.name: plugin.execute(data) for plugin in self.resolve_order()}
