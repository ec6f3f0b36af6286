"""A plugin that tells people things."""

from typing import Any

from .base import Plugin


class NotificationPlugin(Plugin):
    """Keeps what it has sent."""

    def __init__(self) -> None:
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
        message = f"[console] {data}"
        self.sent.append(message)
        return message
