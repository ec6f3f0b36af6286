from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, Dict, List


@dataclass
class PluginConfig:
    name: str
    version: str = "1.0.0"
    enabled: bool = True
    dependencies: List[str] = field(default_factory=list)
    settings: Dict[str, Any] = field(default_factory=dict)


class Plugin(ABC):
    """Every plugin inherits from this."""

    def __init__(self, config: PluginConfig) -> None:
        self.config = config

    @property
    def name(self) -> str:
        return self.config.name

    @property
    def version(self) -> str:
        return self.config.version

    @property
    def dependencies(self) -> List[str]:
        return self.config.dependencies

    @abstractmethod
    def initialize(self) -> bool:
        """Called once, before the first execution."""

    @abstractmethod
    def execute(self, *args: Any, **kwargs: Any) -> Any:
        """Does the work."""

    @abstractmethod
    def cleanup(self) -> None:
        """Called at the end."""
