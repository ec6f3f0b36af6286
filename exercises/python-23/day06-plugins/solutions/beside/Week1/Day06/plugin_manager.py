import importlib
import inspect
from pathlib import Path
from typing import Any, Dict, List, Optional, Type

from plugins.base import Plugin, PluginConfig


class PluginManager:
    def __init__(self) -> None:
        self._plugin_classes: Dict[str, Type[Plugin]] = {}
        self._plugins: Dict[str, Plugin] = {}

    def register(self, plugin_class: Type[Plugin], config: PluginConfig) -> None:
        if not issubclass(plugin_class, Plugin):
            raise TypeError("A plugin has to inherit from Plugin")
        self._plugin_classes[config.name] = plugin_class
        self._plugins[config.name] = plugin_class(config)

    def get(self, name: str) -> Optional[Plugin]:
        return self._plugins.get(name)

    def list_plugins(self) -> List[str]:
        return list(self._plugins)

    def load_plugin(self, module_path: str, class_name: str, config: PluginConfig) -> Plugin:
        module = importlib.import_module(module_path)
        plugin_class = getattr(module, class_name)
        self.register(plugin_class, config)
        return self._plugins[config.name]

    def discover_plugins(self, package: str = "plugins") -> List[Type[Plugin]]:
        found: List[Type[Plugin]] = []
        module = importlib.import_module(package)
        for folder in module.__path__:
            for file in sorted(Path(folder).glob("*.py")):
                if file.stem in ("__init__", "base"):
                    continue
                plugin_module = importlib.import_module(f"{package}.{file.stem}")
                for _, item in inspect.getmembers(plugin_module, inspect.isclass):
                    if issubclass(item, Plugin) and item is not Plugin:
                        found.append(item)
        return found

    def get_load_order(self) -> List[str]:
        """Kahn's algorithm."""
        waiting = {name: set(plugin.dependencies) for name, plugin in self._plugins.items()}
        for name, needed in waiting.items():
            for other in needed:
                if other not in self._plugins:
                    raise ValueError(f"Plugin {name} needs {other}")
        order: List[str] = []
        while waiting:
            ready = sorted(name for name, needed in waiting.items() if not needed)
            if not ready:
                raise ValueError(f"Circular dependency: {sorted(waiting)}")
            for name in ready:
                order.append(name)
                del waiting[name]
            for needed in waiting.values():
                needed.difference_update(ready)
        return order

    def initialize_all(self) -> None:
        for name in self.get_load_order():
            self._plugins[name].initialize()

    def execute(self, name: str, *args: Any, **kwargs: Any) -> Any:
        plugin = self._plugins.get(name)
        if plugin is None:
            raise KeyError(f"Plugin {name} not found")
        return plugin.execute(*args, **kwargs)
