"""What every plugin has to have."""

from abc import ABC, abstractmethod
from typing import Any

from .config import PluginConfig


class Plugin(ABC):
    """The base class of all plugins."""

    def __init__(self, config: PluginConfig | None = None) -> None:
        self.config = config if config is not None else PluginConfig()

    @property
    @abstractmethod
    def name(self) -> str:
        """The name by which the plugin is found."""

    @property
    @abstractmethod
    def version(self) -> str:
        """The version, such as 1.0.0."""

    @property
    def dependencies(self) -> list[str]:
        """The names of the plugins that have to be there first."""

    @abstractmethod
    def execute(self, data: Any) -> Any:
        """Does what the plugin is for."""
