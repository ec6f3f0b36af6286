"""The plugin interface."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any


class Plugin(ABC):
    """Every plugin extends this class."""

    @property
    @abstractmethod
    def name(self) -> str:
        """Unique name."""

    @property
    @abstractmethod
    def version(self) -> str:
        """Version, such as 1.0.0."""

    @property
    def dependencies(self) -> Sequence[str]:
        """Names of the plugins that must be there before this one."""
        return ()

    @abstractmethod
    def execute(self, data: Any = None) -> Any:
        """Do the work."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name} {self.version}>"
