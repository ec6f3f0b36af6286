"""Plugins announce themselves with a decorator, and are made in order when the manager starts."""

from .core import Plugin, PluginManager, Recipe, announce

__all__ = ["Plugin", "PluginManager", "Recipe", "announce"]
