from collections.abc import Callable
from dataclasses import dataclass

from week1.day6.plugins.base import Plugin


@dataclass
class NotificationConfig:
    message: str = "processed {n} records"
    send: Callable[[str], object] = print


class NotificationPlugin(Plugin, name="notification", version="0.2.0", after=["data_validator"]):
    """Tells someone how many records arrived, hands the data on."""

    Config = NotificationConfig

    def execute(self, data):
        self.config.send(self.config.message.format(n=len(data)))
        return data
