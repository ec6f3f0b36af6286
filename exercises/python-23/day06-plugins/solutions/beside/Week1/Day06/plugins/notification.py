from typing import Any

from plugins.base import Plugin


class NotificationPlugin(Plugin):
    def initialize(self) -> bool:
        return True

    def execute(self, *args: Any, **kwargs: Any) -> bool:
        message = kwargs.get("message", "")
        recipient = kwargs.get("recipient", "everyone")
        if not message:
            return False
        print(f"Sending to {recipient}: {message}")
        return True

    def cleanup(self) -> None:
        pass
