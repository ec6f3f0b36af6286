import os
import sys
import time
from importlib import import_module

from plugin import Plugin


class PluginManager:
    def __init__(self) -> None:
        self.plugins: list[Plugin] = []

    def register(self, plugin: Plugin) -> None:
        for needed in plugin.requires:
            if self.find(needed) is None:
                raise ValueError(f"{plugin.name} needs {needed}: register that first")
        self.plugins.append(plugin)

    def find(self, name: str) -> Plugin | None:
        for plugin in self.plugins:
            if plugin.name == name:
                return plugin
        return None

    def load_all(self, folder: str = os.path.dirname(__file__)) -> None:
        """Loads all plugins of a folder, those first that need no others."""
        if folder not in sys.path:
            sys.path.append(folder)
        found = []
        for file in os.listdir(folder):
            if file.endswith(".py") and not file.startswith(("_", "test_")):
                module = import_module(file[:-3])
                for item in vars(module).values():
                    if isinstance(item, type) and issubclass(item, Plugin) and item is not Plugin:
                        found.append(item())
        while found:
            ready = [plugin for plugin in found if all(self.find(name) for name in plugin.requires)]
            for plugin in ready:
                self.register(plugin)
                found.remove(plugin)
            if not ready:
                time.sleep(0.1)

    def run(self, context: dict) -> dict:
        for plugin in self.plugins:
            context = plugin.execute(context)
        return context
