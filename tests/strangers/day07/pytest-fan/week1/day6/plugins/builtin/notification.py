from __future__ import annotations

import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, ClassVar

from ..core import NotificationError, PluginBase


@dataclass(frozen=True)
class NotificationConfig:
    host: str = "localhost"
    port: int = 25
    sender: str = "noreply@example.org"
    attempts: int = 2


class NotificationPlugin(PluginBase):
    """Sends mail by SMTP while it is active."""

    name: ClassVar[str] = "notification"
    requires: ClassVar[tuple[str, ...]] = ("text", "validator")

    def __init__(self, config: NotificationConfig | None = None) -> None:
        self.config = config or NotificationConfig()
        self._smtp: smtplib.SMTP | None = None

    def activate(self) -> None:
        self._smtp = smtplib.SMTP(self.config.host, self.config.port)

    def deactivate(self) -> None:
        if self._smtp is not None:
            self._smtp.quit()
            self._smtp = None

    def execute(self, *args: Any, **kwargs: Any) -> int:
        """Send, return the number of attempts it took."""
        (message,) = args
        if self._smtp is None:
            raise NotificationError("plugin is not active")
        mail = EmailMessage()
        mail["From"], mail["To"] = self.config.sender, message["to"]
        mail["Subject"] = message.get("subject", "Notification")
        mail.set_content(message["body"])
        for attempt in range(1, self.config.attempts + 1):
            try:
                self._smtp.send_message(mail)
            except smtplib.SMTPException as exc:
                error = exc
            else:
                return attempt
        raise NotificationError(f"gave up after {self.config.attempts} attempts") from error
