from collections.abc import Iterable, Mapping
from importlib import import_module, reload
from pathlib import Path
from sys import modules
from typing import Any

from . import api
from .api import Plugin, PluginSpec


class PluginError(Exception):
    pass


class UnknownPlugin(PluginError, LookupError):
    pass


class DependencyError(PluginError):
    pass


def topological(graph: Mapping[str, Iterable[str]]) -> list[str]:
    """Order of the nodes so that each comes after the ones it points at."""
    state: dict[str, str] = {}
    result: list[str] = []

    def visit(node: str, trail: tuple[str, ...]) -> None:
        if state.get(node) == "done":
            return
        if state.get(node) == "open":
            loop = " > ".join((*trail[trail.index(node) :], node))
            raise DependencyError(f"circular dependency: {loop}")
        if node not in graph:
            raise DependencyError(f"{trail[-1]} needs unknown plugin {node}")
        state[node] = "open"
        for neighbour in graph[node]:
            visit(neighbour, (*trail, node))
        state[node] = "done"
        result.append(node)

    for node in graph:
        visit(node, ())
    return result


class PluginManager:
    """Knows plugin *specs*; instances are made by :meth:`start`, in order.

    ``settings`` maps a plugin's name to a dict for its config dataclass.
    """

    def __init__(self, settings: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self.settings = dict(settings or {})
        self.specs: dict[str, PluginSpec] = {}
        self.running: dict[str, Plugin] = {}

    def register(self, spec: PluginSpec) -> None:
        if spec.name in self.specs:
            raise PluginError(f"plugin {spec.name} registered twice")
        self.specs[spec.name] = spec

    def discover(self, package: str | None = None) -> list[str]:
        """Import every module beside this one (or in *package*), register what was announced."""
        package = package or __package__ or "plugins"
        root = import_module(package)
        if root.__file__ is None:
            raise PluginError(f"{package} is not an ordinary package")
        before = dict(api.announced)
        api.announced.clear()
        try:
            for path in sorted(Path(root.__file__).parent.glob("plugin_*.py")):
                full = f"{package}.{path.stem}"
                if full in modules:
                    reload(modules[full])  # so that it announces itself once more
                else:
                    import_module(full)
            found = list(api.announced.values())
        finally:
            api.announced.update(before | api.announced)
        for spec in found:
            self.register(spec)
        return [spec.name for spec in found]

    def order(self) -> list[str]:
        return topological({name: spec.needs for name, spec in self.specs.items()})

    def start(self) -> "PluginManager":
        for name in self.order():
            if name not in self.running:
                self.running[name] = self._make(self.specs[name])
        return self

    def _make(self, spec: PluginSpec) -> Plugin:
        values = self.settings.get(spec.name, {})
        if spec.config_type is None:
            return spec.factory()
        try:
            config = spec.config_type(**values)
        except TypeError as e:
            raise PluginError(f"bad settings for {spec.name}: {e}") from e
        return spec.factory(config)

    def __getitem__(self, name: str) -> Plugin:
        if name not in self.specs:
            raise UnknownPlugin(name)
        if name not in self.running:
            raise PluginError(f"plugin {name} is not started")
        return self.running[name]

    def execute(self, name: str, **inputs: Any) -> Any:
        return self[name].execute(**inputs)

    def tagged(self, tag: str) -> list[str]:
        return [n for n in self.order() if tag in self.specs[n].tags]
