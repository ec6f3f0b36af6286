from .core import Plugin, PluginError, PluginManager

__all__ = ["Plugin", "PluginError", "PluginManager"]
