from .core import (
    DependencyError,
    NotificationError,
    Plugin,
    PluginBase,
    PluginError,
    PluginLoadError,
    RegistrationError,
)
from .manager import PluginManager

__all__ = [
    "DependencyError",
    "NotificationError",
    "Plugin",
    "PluginBase",
    "PluginError",
    "PluginLoadError",
    "PluginManager",
    "RegistrationError",
]
