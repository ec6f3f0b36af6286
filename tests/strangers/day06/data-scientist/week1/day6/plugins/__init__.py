from week1.day6.plugins.base import Plugin
from week1.day6.plugins.manager import PluginError, PluginManager

__all__ = ["Plugin", "PluginError", "PluginManager"]
