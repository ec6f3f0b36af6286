from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .base import Plugin, Result


class PluginError(Exception):
    """Base for all errors of the manager."""


class PluginImportError(PluginError):
    pass


class PluginConfigError(PluginError):
    pass


class PluginDependencyError(PluginError):
    pass


@dataclass
class PluginManager:
    """
    Holds plugin classes and their instances.

    manager = PluginManager(settings={"notification": {"channels": ("mail",)}})
    manager.discover()
    manager.execute("notification", "hello")
    """

    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    _plugins: dict[str, Plugin] = field(default_factory=dict, init=False, repr=False)

    # registering

    def register(self, plugin_class: type[Plugin]) -> Plugin:
        """Create the plugin with its settings. May be used as a decorator too."""
        if not (isinstance(plugin_class, type) and issubclass(plugin_class, Plugin)):
            raise PluginError(f"{plugin_class!r} is not a subclass of Plugin")
        name = plugin_class.name
        if name in self._plugins:
            raise PluginError(f"plugin '{name}' exists already")
        try:
            config = plugin_class.config_class(**self.settings.get(name, {}))
            plugin = plugin_class(config)
        except TypeError as e:
            raise PluginConfigError(f"cannot create plugin '{name}': {e}") from e
        self._plugins[name] = plugin
        return plugin

    def load(self, reference: str) -> Plugin:
        """Load "package.module:ClassName"."""
        module_name, _, class_name = reference.partition(":")
        try:
            plugin_class = getattr(importlib.import_module(module_name), class_name)
        except (ImportError, AttributeError, ValueError) as e:
            raise PluginImportError(f"cannot load '{reference}': {e}") from e
        return self.register(plugin_class)

    def discover(self, folder: Path | None = None) -> list[str]:
        """Register all Plugin subclasses in this folder or in another one."""
        before = set(self._plugins)
        package = __package__ or "plugins"
        if folder is None:
            for path in sorted(Path(__file__).parent.glob("*.py")):
                if path.stem not in ("__init__", "base", "manager"):
                    self._register_all(importlib.import_module(f"{package}.{path.stem}"))
        else:
            for path in sorted(folder.glob("*.py")):
                self._register_all(self._import_file(path))
        return [name for name in self._plugins if name not in before]

    @staticmethod
    def _import_file(path: Path) -> Any:
        spec = importlib.util.spec_from_file_location(path.stem, path)
        if spec is None or spec.loader is None:
            raise PluginImportError(f"cannot load {path}")
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except Exception as e:
            raise PluginImportError(f"{path} failed: {e}") from e
        return module

    def _register_all(self, module: Any) -> None:
        for value in vars(module).values():
            if (
                isinstance(value, type)
                and issubclass(value, Plugin)
                and value.__module__ == module.__name__
            ):
                self.register(value)

    # looking

    def __getitem__(self, name: str) -> Plugin:
        if name not in self._plugins:
            raise PluginError(f"there is no plugin '{name}'")
        return self._plugins[name]

    def __contains__(self, name: object) -> bool:
        return name in self._plugins

    def __len__(self) -> int:
        return len(self._plugins)

    # dependencies

    def resolve(self) -> list[Plugin]:
        """Enabled plugins, dependencies first, then by priority (low first)."""
        left = {name: p for name, p in self._plugins.items() if p.config.enabled}
        for plugin in left.values():
            missing = plugin.depends_on - left.keys()
            if missing:
                names = ", ".join(sorted(missing))
                raise PluginDependencyError(f"'{plugin.name}' depends on missing or disabled: {names}")
        ordered: list[Plugin] = []
        while left:
            free = [p for p in left.values() if not p.depends_on & left.keys()]
            if not free:
                names = ", ".join(sorted(left))
                raise PluginDependencyError(f"plugins depend on each other in a circle: {names}")
            first = min(free, key=lambda p: (p.config.priority, p.name))
            ordered.append(first)
            del left[first.name]
        return ordered

    # running

    def execute(self, name: str, data: Any) -> Result:
        plugin = self[name]
        if not plugin.config.enabled:
            return plugin.failure("plugin is disabled")
        try:
            return plugin.execute(data)
        except Exception as e:  # noqa: BLE001 - a plugin must not bring down the host
            return plugin.failure(f"{type(e).__name__}: {e}")

    def execute_all(self, data: Any) -> list[Result]:
        return [self.execute(p.name, data) for p in self.resolve()]
