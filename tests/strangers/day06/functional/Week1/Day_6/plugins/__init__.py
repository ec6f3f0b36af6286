from .api import Plugin, PluginSpec, plugin
from .manager import DependencyError, PluginError, PluginManager, UnknownPlugin

__all__ = [
    "DependencyError",
    "Plugin",
    "PluginError",
    "PluginManager",
    "PluginSpec",
    "UnknownPlugin",
    "plugin",
]
