from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from ..interface import Configurable


@dataclass(frozen=True, kw_only=True)
class NotificationConfig:
    recipients: tuple[str, ...] = ("ops",)
    template: str = "{recipient}: {message}"


class NotificationPlugin(Configurable[NotificationConfig]):
    name: ClassVar[str] = "notify"
    version: ClassVar[str] = "2.0.0"
    requires: ClassVar[tuple[str, ...]] = ("text", "validation>=1")

    def __init__(
        self,
        config: NotificationConfig | None = None,
        *,
        transport: Callable[[str], None] = print,
    ) -> None:
        super().__init__(config or NotificationConfig())
        self.transport = transport

    def execute(self, data: str, /) -> int:
        """Send to everyone; return how many messages went out."""
        for recipient in self.config.recipients:
            self.transport(self.config.template.format(recipient=recipient, message=data))
        return len(self.config.recipients)


__plugins__ = [NotificationPlugin]
