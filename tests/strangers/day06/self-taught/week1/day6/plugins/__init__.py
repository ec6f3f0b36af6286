from .config import PluginConfig
from .manager import PluginManager
from .plugin_base import Plugin

__all__ = ["Plugin", "PluginConfig", "PluginManager"]
