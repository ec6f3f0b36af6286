from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class NotifyConfig:
    send: Callable[[str], object] = print


@dataclass
class NotificationPlugin:
    config: NotifyConfig = field(default_factory=NotifyConfig)
    name: str = "notify"
    version: str = "1"
    needs: tuple[str, ...] = ("validate",)

    def execute(self, payload: str) -> str:
        self.config.send(payload)
        return payload


def setup(manager):
    manager.register(NotificationPlugin())
