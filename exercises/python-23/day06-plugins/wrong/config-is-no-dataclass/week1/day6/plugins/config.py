"""What can be set of a plugin."""


class PluginConfig:
    """What all plugins have."""

    def __init__(self, enabled: bool = True) -> None:
        self.enabled = enabled


class TextProcessorConfig(PluginConfig):
    """How a text is processed."""

    def __init__(self, uppercase: bool = False, collapse_spaces: bool = True) -> None:
        super().__init__()
        self.uppercase = uppercase
        self.collapse_spaces = collapse_spaces


class ValidatorConfig(PluginConfig):
    """What valid data has."""

    def __init__(self, required: list[str] | None = None) -> None:
        super().__init__()
        self.required = ["name", "email"] if required is None else required


class NotificationConfig(PluginConfig):
    """Where messages go."""

    def __init__(self, channel: str = "console") -> None:
        super().__init__()
        self.channel = channel
