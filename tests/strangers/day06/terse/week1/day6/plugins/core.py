from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Protocol, runtime_checkable


@runtime_checkable
class Plugin(Protocol):
    name: str
    version: str

    def execute(self, payload: Any) -> Any: ...


class PluginError(Exception): ...


def needs(plugin: Plugin) -> tuple[str, ...]:
    return tuple(getattr(plugin, "needs", ()))


@dataclass
class PluginManager:
    plugins: dict[str, Plugin] = field(default_factory=dict)

    def register(self, *plugins: Plugin) -> PluginManager:
        for p in plugins:
            if isinstance(p, type) or not isinstance(p, Plugin):
                raise PluginError(f"not a plugin: {p!r}")
            if p.name in self.plugins:
                raise PluginError(f"duplicate plugin: {p.name}")
            self.plugins[p.name] = p
        return self

    def __getitem__(self, name: str) -> Plugin:
        if name not in self.plugins:
            raise PluginError(f"unknown plugin: {name}")
        return self.plugins[name]

    def discover(self, folder: str | Path = Path(__file__).parent / "available") -> PluginManager:
        """Load folder/*.py and call its `setup(manager)`."""
        for path in sorted(Path(folder).glob("[!_]*.py")):
            modname = f"plugin_{path.stem}"
            spec = importlib.util.spec_from_file_location(modname, path)
            assert spec and spec.loader
            sys.modules[modname] = module = importlib.util.module_from_spec(spec)
            try:
                spec.loader.exec_module(module)
                module.setup(self)
            except PluginError:
                raise
            except Exception as e:
                del sys.modules[modname]
                raise PluginError(f"cannot load {path}: {e}") from e
        return self

    def order(self) -> list[Plugin]:
        graph = {n: needs(p) for n, p in self.plugins.items()}
        for n, ds in graph.items():
            if missing := set(ds) - graph.keys():
                raise PluginError(f"{n} needs {', '.join(sorted(missing))}")
        try:
            return [self.plugins[n] for n in TopologicalSorter(graph).static_order()]
        except CycleError as e:
            raise PluginError(f"cycle: {' -> '.join(e.args[1])}") from e

    def run(self, payload: Any) -> Any:
        """Pipe payload through all plugins in order."""
        for p in self.order():
            payload = p.execute(payload)
        return payload
