from dataclasses import dataclass

from plugins.base import Plugin


@dataclass
class NotificationConfig:
    receiver: str = "admin"


class NotificationPlugin(Plugin):
    name = "notification"
    version = "2.1"
    requires = ["text_processor", "data_validator"]  # noqa: RUF012

    def __init__(self, config=None):
        if config is None:
            config = NotificationConfig()
        self.config = config
        self.history = []

    def execute(self, message):
        line = "To " + self.config.receiver + ": " + message
        print(line)
        self.history.append(line)
        return line
