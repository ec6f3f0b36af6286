"""Plugins that need no base class: whatever has a name, a version and `execute` is one."""

import importlib.util
import logging
import sys
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, ClassVar, Protocol, runtime_checkable

logger = logging.getLogger(__name__)


@runtime_checkable
class Plugin(Protocol):
    """What a plugin looks like."""

    version: str
    dependencies: set[str]

    def execute(self, *args: Any, **kwargs: Any) -> Any: ...


@dataclass
class TextProcessorPlugin:
    """Counts the words of a text."""

    name: str = "text"
    version: str = "1.0"
    dependencies: set[str] = field(default_factory=set)
    separator: str | None = None

    def execute(self, *args: Any, **kwargs: Any) -> dict[str, int]:
        words = args[0].split(self.separator)
        return {"words": len(words), "longest": max(map(len, words), default=0)}


class ValidationError(ValueError):
    """The data is not what it should be."""


@dataclass
class DataValidatorPlugin:
    """Lets data through that fits the schema, and raises otherwise."""

    name: str = "validator"
    version: str = "1.0"
    dependencies: set[str] = field(default_factory=set)
    schema: dict[str, type] = field(default_factory=dict)

    def execute(self, *args: Any, **kwargs: Any) -> Any:
        (data,) = args
        for key, expected in self.schema.items():
            if not isinstance(data.get(key), expected):
                raise ValidationError(f"{key} should be {expected.__name__}")
        return data


@dataclass
class NotificationPlugin:
    """Writes to the log."""

    name: str = "notification"
    version: str = "1.0"
    dependencies: set[str] = field(default_factory=lambda: {"text"})
    level: int = logging.INFO

    def execute(self, *args: Any, **kwargs: Any) -> None:
        logger.log(self.level, "%s", kwargs.get("message") or args[0])


class PluginManager:
    """A mapping of plugins."""

    suffix: ClassVar[str] = ".py"

    def __init__(self, plugin_dir: str | Path | None = None) -> None:
        self.plugin_dir = Path(plugin_dir) if plugin_dir else Path(__file__).parent
        self.plugins: dict[str, Plugin] = {}

    def __getitem__(self, name: str) -> Plugin:
        return self.plugins[name]

    def add(self, plugin: Plugin) -> "PluginManager":
        if not isinstance(plugin, Plugin):
            raise TypeError("this is no plugin")
        self.plugins[getattr(plugin, "name")] = plugin
        return self

    def remove(self, name: str) -> None:
        self.plugins.pop(name)

    def discover(self) -> int:
        """Loads all files of the plugin folder, and returns how many plugins were in them."""
        before = len(self.plugins)
        for path in sorted(self.plugin_dir.glob(f"*{self.suffix}")):
            if not path.stem.startswith("_"):
                self._load(path)
        return len(self.plugins) - before

    def _load(self, path: Path) -> None:
        spec = importlib.util.spec_from_file_location(f"found_{path.stem}", path)
        if spec is None or spec.loader is None:
            return
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        for item in vars(module).values():
            if isinstance(item, type) and item.__module__ == spec.name and hasattr(item, "execute"):
                self.add(item())

    def execution_order(self) -> list[Plugin]:
        graph = {name: plugin.dependencies for name, plugin in self.plugins.items()}
        order = list(TopologicalSorter(graph).static_order())
        if missing := [name for name in order if name not in self.plugins]:
            raise LookupError(f"not there: {missing}")
        return [self.plugins[name] for name in order]

    def run_all(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {getattr(plugin, "name"): plugin.execute(*args, **kwargs) for plugin in self.execution_order()}
