"""What can be set of a plugin."""

from dataclasses import dataclass, field


@dataclass
class PluginConfig:
    """What all plugins have."""

    enabled: bool = True


@dataclass
class TextProcessorConfig(PluginConfig):
    """How a text is processed."""

    uppercase: bool = False
    collapse_spaces: bool = True


@dataclass
class ValidatorConfig(PluginConfig):
    """What valid data has."""

    required: list[str] = field(default_factory=lambda: ["name", "email"])


@dataclass
class NotificationConfig(PluginConfig):
    """Where messages go."""

    channel: str = "console"
