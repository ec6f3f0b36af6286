import importlib
import pkgutil
from graphlib import CycleError, TopologicalSorter

from week1.day6.plugins.base import REGISTRY, Plugin


class PluginError(Exception):
    pass


class PluginManager:
    """
    pm = PluginManager()
    pm.discover("week1.day6.plugins.steps")
    pm.add("text_processor", lowercase=True)
    pm.add("notification")
    pm.execute(df)
    """

    def __init__(self):
        self.active = {}

    # --- what exists ---------------------------------------------------------
    @property
    def available(self):
        return dict(sorted(REGISTRY.items()))

    def discover(self, package="week1.day6.plugins.steps"):
        """Import all modules of the package. Returns the names of the available plugins."""
        pkg = importlib.import_module(package)
        for mod in pkgutil.iter_modules(pkg.__path__, package + "."):
            importlib.import_module(mod.name)
        return list(self.available)

    # --- what is used --------------------------------------------------------
    def register(self, plugin):
        """Activate an instance."""
        if not isinstance(plugin, Plugin):
            raise PluginError(f"not a Plugin: {plugin!r}")
        if not plugin.name or not plugin.version:
            raise PluginError(f"plugin without a name or version: {plugin!r}")
        if plugin.name in self.active:
            raise PluginError(f"{plugin.name} is active already")
        self.active[plugin.name] = plugin
        return self

    def add(self, name, with_dependencies=True, **params):
        """Activate an available plugin by name, and (by default) what it depends on."""
        if name not in REGISTRY:
            raise PluginError(f"unknown plugin {name!r}, available: {', '.join(self.available)}")
        if name not in self.active:
            try:
                self.register(REGISTRY[name](**params))
            except TypeError as e:
                raise PluginError(f"{name}: {e}") from e
        elif params:
            raise PluginError(f"{name} is active already")
        if with_dependencies:
            for dep in REGISTRY[name].after:
                if dep not in self.active:
                    self.add(dep)
        return self

    def remove(self, name):
        try:
            return self.active.pop(name)
        except KeyError:
            raise PluginError(f"{name} is not active") from None

    def execution_order(self):
        for p in self.active.values():
            for dep in p.after:
                if dep not in self.active:
                    raise PluginError(f"{p.name} depends on {dep}, which is not active")
        try:
            ts = TopologicalSorter({p.name: p.after for p in self.active.values()})
            return list(ts.static_order())
        except CycleError as e:
            raise PluginError(f"circular dependencies: {e.args[1]}") from e

    def execute(self, data):
        """Pass the data through all the active plugins."""
        for name in self.execution_order():
            data = self.active[name].execute(data)
        return data

    def summary(self):
        rows = [f"{'plugin':<20} {'version':<8} after"]
        for name in self.execution_order():
            p = self.active[name]
            rows.append(f"{p.name:<20} {p.version:<8} {', '.join(p.after) or '-'}")
        return "\n".join(rows)
