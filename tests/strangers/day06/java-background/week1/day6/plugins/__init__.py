"""A small plugin framework."""

from .errors import (
    CircularDependencyError,
    DuplicatePluginError,
    InvalidPluginError,
    MissingDependencyError,
    PluginError,
    PluginLoadError,
    PluginNotFoundError,
)
from .manager import PluginManager
from .plugin import Plugin

__all__ = [
    "CircularDependencyError",
    "DuplicatePluginError",
    "InvalidPluginError",
    "MissingDependencyError",
    "Plugin",
    "PluginError",
    "PluginLoadError",
    "PluginManager",
    "PluginNotFoundError",
]
