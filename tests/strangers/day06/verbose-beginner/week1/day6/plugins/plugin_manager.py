import importlib
import inspect
from pathlib import Path

from plugins.base import Plugin


class PluginManager:
    """Knows all the plugins."""

    def __init__(self):
        # name of the plugin -> the plugin object
        self.plugins = {}

    def register(self, plugin):
        """Adds a plugin object."""
        if not isinstance(plugin, Plugin):
            raise TypeError("This is not a plugin: " + repr(plugin))
        if plugin.name == "":
            raise ValueError("The plugin has no name")
        if plugin.name in self.plugins:
            raise ValueError("There is already a plugin with the name " + plugin.name)
        self.plugins[plugin.name] = plugin
        print("Registered plugin", plugin.name, "version", plugin.version)

    def unregister(self, name):
        if name not in self.plugins:
            raise KeyError("There is no plugin with the name " + name)
        del self.plugins[name]

    def get(self, name):
        if name not in self.plugins:
            raise KeyError("There is no plugin with the name " + name)
        return self.plugins[name]

    def list_plugins(self):
        return sorted(self.plugins.keys())

    def discover(self, folder=None, package="plugins"):
        """Imports every file *_plugin.py in the folder and registers what is in it."""
        if folder is None:
            folder = Path(__file__).parent
        for file in sorted(Path(folder).glob("*_plugin.py")):
            module = importlib.import_module(package + "." + file.stem)
            for _, thing in inspect.getmembers(module, inspect.isclass):
                # the base class is imported in every file, don't take that one
                if issubclass(thing, Plugin) and thing is not Plugin:
                    self.register(thing())

    def resolve_dependencies(self):
        """Returns the names in the right order (what is needed comes first).

        I go over the plugins again and again and take the ones which have
        everything they need. If I can't take any, there must be a circle.
        """
        for plugin in self.plugins.values():
            for needed in plugin.requires:
                if needed not in self.plugins:
                    raise ValueError(
                        "Plugin " + plugin.name + " requires " + needed + " but it is missing"
                    )

        order = []
        waiting = self.list_plugins()
        while len(waiting) > 0:
            ready = []
            for name in waiting:
                all_there = True
                for needed in self.plugins[name].requires:
                    if needed not in order:
                        all_there = False
                if all_there:
                    ready.append(name)
            if len(ready) == 0:
                raise ValueError("Circular dependency between: " + ", ".join(waiting))
            for name in ready:
                order.append(name)
                waiting.remove(name)
        return order

    def execute(self, name, *args, **kwargs):
        """Checks that everything which the plugin needs is there, then runs it."""
        plugin = self.get(name)
        for needed in plugin.requires:
            if needed not in self.plugins:
                raise ValueError("Plugin " + name + " requires " + needed + " but it is missing")
        return plugin.execute(*args, **kwargs)
