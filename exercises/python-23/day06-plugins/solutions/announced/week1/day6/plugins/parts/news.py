import logging

from ..core import announce


@announce(after=["texts", "records"])
class NotificationPlugin:
    name = "news"
    version = "3.0"

    def execute(self, *, message: str) -> None:
        logging.getLogger("news").warning("%s", message)
