from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from .base import Plugin, PluginConfig, Result


@dataclass(frozen=True)
class NotificationConfig(PluginConfig):
    channels: tuple[str, ...] = ("console",)


@dataclass
class NotificationPlugin(Plugin):
    config: NotificationConfig = field(default_factory=NotificationConfig)
    outbox: list[tuple[str, str]] = field(default_factory=list, init=False)

    name: ClassVar[str] = "notification"
    version: ClassVar[str] = "1.0.0"
    depends_on: ClassVar[frozenset[str]] = frozenset({"text-processor"})
    config_class: ClassVar[type[PluginConfig]] = NotificationConfig

    def execute(self, data: Any) -> Result:
        for channel in self.config.channels:
            if channel == "console":
                print(data)
            self.outbox.append((channel, str(data)))
        return self.success(len(self.config.channels))
