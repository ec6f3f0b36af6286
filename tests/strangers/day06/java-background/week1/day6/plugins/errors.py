"""All exceptions of the framework."""


class PluginError(Exception):
    """Root of the exception hierarchy."""


class InvalidPluginError(PluginError):
    """The object is not a plugin."""


class DuplicatePluginError(PluginError):
    """A plugin of that name is registered already."""


class PluginNotFoundError(PluginError):
    """No plugin of that name."""


class PluginLoadError(PluginError):
    """A plugin module could not be imported."""


class MissingDependencyError(PluginError):
    """A plugin requires one that is not registered."""

    def __init__(self, plugin: str, dependency: str) -> None:
        super().__init__(f"Plugin '{plugin}' requires '{dependency}', which is not registered")
        self.plugin = plugin
        self.dependency = dependency


class CircularDependencyError(PluginError):
    """Plugins require each other in a circle."""

    def __init__(self, cycle: list[str]) -> None:
        super().__init__("Circular dependency: " + " -> ".join(cycle))
        self.cycle = cycle
