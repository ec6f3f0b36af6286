import importlib
import json
import os
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable


@runtime_checkable
class Plugin(Protocol):
    name: str
    version: str

    def execute(self, context: dict) -> dict: ...


@dataclass
class PluginEntry:
    module: str
    cls: str
    depends_on: list = field(default_factory=list)
    options: dict = field(default_factory=dict)


class PluginManager:
    def __init__(self):
        self.plugins = {}
        self.depends_on = {}

    def register(self, plugin, depends_on=()):
        if not isinstance(plugin, Plugin):
            raise TypeError("a plugin has a name, a version and execute()")
        self.plugins[plugin.name] = plugin
        self.depends_on[plugin.name] = list(depends_on)

    def get_plugin(self, name):
        return self.plugins.get(name)

    def discover(self, config_file=os.path.join(os.path.dirname(__file__), "plugins.json")):
        """The file lists modules and classes, one entry for each plugin."""
        with open(config_file) as file:
            entries = [PluginEntry(**entry) for entry in json.load(file)]
        for entry in entries:
            cls = getattr(importlib.import_module(entry.module), entry.cls)
            self.register(cls(**entry.options), entry.depends_on)

    def get_order(self):
        order = []
        left = dict(self.depends_on)
        while left:
            ready = [name for name in left if all(needed in order for needed in left[name])]
            if not ready:
                raise ValueError(f"waiting for a missing plugin, or in a circle: {list(left)}")
            for name in ready:
                order.append(name)
                del left[name]
        return order

    def run_all(self, context):
        for name in self.get_order():
            context = self.plugins[name].execute(context)
        return context
