from plugin import Plugin
from settings import NotificationSettings


class NotificationPlugin(Plugin):
    name = "notification"
    version = "1.0"
    requires = ("text", "validator")

    def __init__(self, settings: NotificationSettings = NotificationSettings()) -> None:
        self.settings = settings

    def execute(self, context: dict) -> dict:
        for recipient in self.settings.recipients:
            print(f"{self.settings.sender} -> {recipient}: {context['message']}")
        return context
