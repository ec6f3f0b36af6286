"""A small plugin system."""

from .base import Plugin
from .config import NotificationConfig, PluginConfig, TextProcessorConfig, ValidatorConfig
from .data_validator import DataValidatorPlugin
from .manager import CircularDependencyError, MissingDependencyError, PluginError, PluginManager
from .notification import NotificationPlugin
from .text_processor import TextProcessorPlugin

__all__ = [
    "CircularDependencyError",
    "DataValidatorPlugin",
    "MissingDependencyError",
    "NotificationConfig",
    "NotificationPlugin",
    "Plugin",
    "PluginConfig",
    "PluginError",
    "PluginManager",
    "TextProcessorConfig",
    "TextProcessorPlugin",
    "ValidatorConfig",
]
