import importlib
import os

from .base import Plugin


class PluginManager:
    def __init__(self):
        self.plugins = {}

    def register(self, plugin):
        if not isinstance(plugin, Plugin):
            raise TypeError("not a plugin")
        if plugin.name in self.plugins:
            raise ValueError(f"{plugin.name} already registered")
        self.plugins[plugin.name] = plugin

    def discover(self, directory=None, package=__package__):
        """imports all .py files in the directory and registers the plugins in them"""
        if directory is None:
            directory = os.path.dirname(__file__)
        count = 0
        for filename in sorted(os.listdir(directory)):
            if not filename.endswith(".py") or filename.startswith("_"):
                continue
            module = importlib.import_module(f"{package}.{filename[:-3]}")
            for value in vars(module).values():
                if (
                    isinstance(value, type)
                    and issubclass(value, Plugin)
                    and value is not Plugin
                    and value.__module__ == module.__name__
                ):
                    self.register(value())
                    count += 1
        return count

    def resolve(self):
        result = []

        def add(name, path):
            if name in path:
                raise ValueError("circular dependency: " + " -> ".join([*path, name]))
            if name in result:
                return
            if name not in self.plugins:
                raise LookupError(f"{path[-1]} needs {name}")
            for dependency in self.plugins[name].dependencies:
                add(dependency, [*path, name])
            result.append(name)

        for name in self.plugins:
            add(name, [])
        return result

    def run(self, data):
        for name in self.resolve():
            data = self.plugins[name].execute(data)
        return data
