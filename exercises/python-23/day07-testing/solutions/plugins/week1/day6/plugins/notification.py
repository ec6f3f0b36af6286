"""A plugin that tells people things."""

from typing import Any

from .base import Plugin
from .config import NotificationConfig


class NotificationPlugin(Plugin):
    """Keeps what it has sent."""

    config: NotificationConfig

    def __init__(self, config: NotificationConfig | None = None) -> None:
        super().__init__(config if config is not None else NotificationConfig())
        self.sent: list[str] = []

    @property
    def name(self) -> str:
        return "notification"

    @property
    def version(self) -> str:
        return "1.0.0"

    @property
    def dependencies(self) -> list[str]:
        return ["text_processor"]

    def execute(self, data: Any) -> str:
        message = f"[{self.config.channel}] {data}"
        self.sent.append(message)
        return message
