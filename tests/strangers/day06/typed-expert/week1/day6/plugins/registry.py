"""PluginManager: register, discover, resolve, run."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from heapq import heapify, heappop, heappush
from types import ModuleType
from typing import Any, TypeAlias

from .interface import Plugin, requirements_of

AnyPlugin: TypeAlias = Plugin[Any, Any]
Factory: TypeAlias = Callable[[], AnyPlugin]

ENTRY_POINT = "__plugins__"


class PluginError(Exception):
    pass


class RegistrationError(PluginError):
    pass


class DiscoveryError(PluginError):
    pass


class UnsatisfiedRequirement(PluginError):
    pass


class DependencyCycle(PluginError):
    def __init__(self, members: Iterable[str]) -> None:
        self.members = frozenset(members)
        super().__init__(f"dependency cycle among {', '.join(sorted(self.members))}")


class PluginManager:
    def __init__(self, plugins: Iterable[AnyPlugin] = ()) -> None:
        self._plugins: dict[str, AnyPlugin] = {}
        for plugin in plugins:
            self.register(plugin)

    @property
    def plugins(self) -> Mapping[str, AnyPlugin]:
        return dict(self._plugins)

    def register(self, plugin: AnyPlugin, *, replace: bool = False) -> AnyPlugin:
        if isinstance(plugin, type):
            raise RegistrationError(f"{plugin.__name__} is a class, register an instance")
        if not isinstance(plugin, Plugin):
            lacking = [a for a in ("name", "version", "execute") if not hasattr(plugin, a)]
            raise RegistrationError(f"{plugin!r} lacks {', '.join(lacking)}")
        if plugin.name in self._plugins and not replace:
            raise RegistrationError(f"{plugin.name!r} is taken")
        self._plugins[plugin.name] = plugin
        return plugin

    def discover(self, package: str | ModuleType) -> tuple[str, ...]:
        """Import all modules under *package*; call the factories in ``__plugins__``.

        Returns the names of what was registered.
        """
        root = self._import(package) if isinstance(package, str) else package
        if not hasattr(root, "__path__"):
            raise DiscoveryError(f"{root.__name__} is not a package")
        names: list[str] = []
        for info in pkgutil.walk_packages(root.__path__, prefix=f"{root.__name__}."):
            module = self._import(info.name)
            factories: Iterable[Factory] = getattr(module, ENTRY_POINT, ())
            names.extend(self.register(factory()).name for factory in factories)
        return tuple(names)

    @staticmethod
    def _import(name: str) -> ModuleType:
        try:
            return importlib.import_module(name)
        except Exception as exc:
            raise DiscoveryError(f"cannot import {name}: {exc!r}") from exc

    def resolve(self, *wanted: str) -> tuple[AnyPlugin, ...]:
        """Plugins in a valid order: all of them, or *wanted* and what they need.

        Ties are broken alphabetically, so the order is deterministic.
        """
        needs = self._closure(wanted or tuple(self._plugins))
        blocked = {name: set(deps) for name, deps in needs.items()}
        ready = [name for name, deps in blocked.items() if not deps]
        heapify(ready)
        order: list[str] = []
        while ready:
            current = heappop(ready)
            order.append(current)
            for name, deps in blocked.items():
                if current in deps:
                    deps.discard(current)
                    if not deps:
                        heappush(ready, name)
        if len(order) < len(needs):
            raise DependencyCycle(set(needs) - set(order))
        return tuple(self._plugins[name] for name in order)

    def _closure(self, names: Iterable[str]) -> dict[str, frozenset[str]]:
        needs: dict[str, frozenset[str]] = {}
        todo = list(names)
        while todo:
            name = todo.pop()
            if name in needs:
                continue
            requirements = requirements_of(self[name])
            for requirement in requirements:
                found = self._plugins.get(requirement.name)
                if found is None:
                    raise UnsatisfiedRequirement(f"{name} requires {requirement}: not registered")
                if not requirement.allows(found.version):
                    raise UnsatisfiedRequirement(
                        f"{name} requires {requirement}: found {found.version}"
                    )
            needs[name] = frozenset(r.name for r in requirements)
            todo.extend(needs[name])
        return needs

    def __getitem__(self, name: str) -> AnyPlugin:
        try:
            return self._plugins[name]
        except KeyError:
            raise KeyError(f"no plugin {name!r}; known: {', '.join(sorted(self._plugins))}") from None

    def __len__(self) -> int:
        return len(self._plugins)

    def __contains__(self, name: object) -> bool:
        return name in self._plugins

    def run(self, name: str, data: Any) -> Any:
        """Execute one plugin, having checked that its needs are met."""
        self.resolve(name)
        return self[name].execute(data)
