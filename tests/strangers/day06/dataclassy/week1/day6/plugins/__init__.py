from .base import Plugin, PluginConfig, Result
from .manager import (
    PluginConfigError,
    PluginDependencyError,
    PluginError,
    PluginImportError,
    PluginManager,
)

__all__ = [
    "Plugin",
    "PluginConfig",
    "PluginConfigError",
    "PluginDependencyError",
    "PluginError",
    "PluginImportError",
    "PluginManager",
    "Result",
]
