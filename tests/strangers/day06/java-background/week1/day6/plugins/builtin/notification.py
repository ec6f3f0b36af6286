from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..plugin import Plugin


@dataclass(frozen=True)
class NotificationConfig:
    channel: str = "console"
    prefix: str = "NOTICE"


class NotificationPlugin(Plugin):
    """Sends a line through a sender, by default print."""

    def __init__(
        self,
        config: NotificationConfig | None = None,
        sender: Callable[[str], None] = print,
    ) -> None:
        self._config = config or NotificationConfig()
        self._sender = sender
        self._sent: list[str] = []

    @property
    def name(self) -> str:
        return "notification"

    @property
    def version(self) -> str:
        return "0.9.0"

    @property
    def dependencies(self) -> Sequence[str]:
        return ("data_validator",)

    @property
    def sent(self) -> list[str]:
        return list(self._sent)

    def execute(self, data: Any = None) -> str:
        message = f"[{self._config.channel}] {self._config.prefix}: {data}"
        self._sender(message)
        self._sent.append(message)
        return message
