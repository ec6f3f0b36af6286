"""A small plugin system: what a plugin is, three plugins, and a manager that finds them and puts them in order.

`Plugin` with `name`, `version` and `execute`, the three plugins and `PluginManager` are given. All else is yours: how they are spread
over files, what `execute` takes and returns, what the manager's methods are called.
"""

import importlib


class Plugin:
    """What every plugin has to have. Make it a protocol or an abstract class."""


class TextProcessorPlugin:
    """Makes something of a text."""

    name = ""


class DataValidatorPlugin:
    """Says whether data is as it should be."""

    name = ""


class NotificationPlugin:
    """Tells somebody something."""

    name = ""


# Here belong dataclasses for what can be set of a plugin.


class PluginManager:
    """Registers plugins, discovers and loads them, and puts them in the order of their dependencies."""

    def list_plugins(self) -> list[str]:
        """The names of all plugins."""
