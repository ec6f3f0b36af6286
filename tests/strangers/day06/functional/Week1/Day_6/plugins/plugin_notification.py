import logging
from dataclasses import dataclass

from .api import plugin

log = logging.getLogger("notifications")


@dataclass(frozen=True)
class NotificationConfig:
    level: int = logging.INFO
    subject: str = "note"


@plugin(config=NotificationConfig, needs=["data_validator", "text_processor"], tags=["text", "io"])
class NotificationPlugin:
    name = "notification"
    version = "1.0.0"

    def __init__(self, config: NotificationConfig) -> None:
        self.config = config

    def execute(self, *, message: str) -> None:
        log.log(self.config.level, "%s: %s", self.config.subject, message)
