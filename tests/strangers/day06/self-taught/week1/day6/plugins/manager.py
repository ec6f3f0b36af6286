import importlib
import json
from pathlib import Path

from .config import PluginConfig
from .plugin_base import Plugin


class PluginManager:
    """
    Can be used in two ways:

    1. by hand:    pm.register(MyPlugin(), depends_on=["other"])
    2. by config:  pm.discover("plugins.json")
    """

    def __init__(self):
        self._plugins = {}
        self._deps = {}

    def register(self, plugin, depends_on=None):
        # isinstance works with the Protocol because it is runtime_checkable
        if not isinstance(plugin, Plugin):
            raise TypeError(f"{plugin} doesn't have name, version and execute()")
        if plugin.name in self._plugins:
            raise ValueError(f"Plugin {plugin.name} is already there")
        self._plugins[plugin.name] = plugin
        self._deps[plugin.name] = list(depends_on or [])

    def load(self, config):
        """Import the module, make the plugin and register it"""
        module = importlib.import_module(config.module)
        plugin_class = getattr(module, config.cls)
        plugin = plugin_class(config.options)
        self.register(plugin, config.depends_on)
        return plugin

    def discover(self, config_file=None):
        """Read the plugins.json (the one in this folder by default) and load all plugins in it"""
        if config_file is None:
            config_file = Path(__file__).parent / "plugins.json"
        loaded = []
        for entry in json.loads(Path(config_file).read_text()):
            config = PluginConfig(**entry)
            self.load(config)
            loaded.append(config.name)
        return loaded

    def get_plugin(self, name):
        """returns None if it's not there"""
        return self._plugins.get(name)

    def get_order(self):
        """Depth first search. Raises ValueError for cycles and KeyError for missing ones."""
        order = []
        visiting = set()

        def visit(name, needed_by=None):
            if name in order:
                return
            if name not in self._plugins:
                raise KeyError(f"{needed_by} depends on {name} but it's not registered")
            if name in visiting:
                raise ValueError(f"Dependency cycle at {name}")
            visiting.add(name)
            for dep in self._deps[name]:
                visit(dep, name)
            visiting.discard(name)
            order.append(name)

        for name in self._plugins:
            visit(name)
        return order

    def run_all(self, context=None):
        context = dict(context or {})
        for name in self.get_order():
            context = self._plugins[name].execute(context)
        return context

    def __len__(self):
        return len(self._plugins)
