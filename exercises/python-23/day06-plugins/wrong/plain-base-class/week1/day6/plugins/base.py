"""What every plugin has to have."""

from typing import Any

from .config import PluginConfig


class Plugin:
    """The base class of all plugins."""

    def __init__(self, config: PluginConfig | None = None) -> None:
        self.config = config if config is not None else PluginConfig()

    @property
    def name(self) -> str:
        """The name by which the plugin is found."""
        raise NotImplementedError

    @property
    def version(self) -> str:
        """The version, such as 1.0.0."""
        raise NotImplementedError

    @property
    def dependencies(self) -> list[str]:
        """The names of the plugins that have to be there first."""
        return []

    def execute(self, data: Any) -> Any:
        """Does what the plugin is for."""
        raise NotImplementedError
