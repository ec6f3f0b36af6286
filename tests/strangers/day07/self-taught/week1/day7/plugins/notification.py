import json
import time
import urllib.request
from dataclasses import dataclass

from .base import Plugin


@dataclass
class NotificationConfig:
    url: str = "http://localhost:9999/hook"
    retries: int = 3
    wait: float = 1.0


class NotificationPlugin(Plugin):
    """Posts the text to a webhook"""

    name = "notification"
    version = "1.1"
    dependencies = ("data_validator", "text_processor")

    def __init__(self, config=None):
        self.config = config or NotificationConfig()

    def execute(self, data):
        body = json.dumps({"text": data["text"]}).encode()
        request = urllib.request.Request(self.config.url, data=body, method="POST")
        for attempt in range(self.config.retries):
            try:
                with urllib.request.urlopen(request) as response:
                    return {**data, "status": response.status}
            except OSError:
                if attempt == self.config.retries - 1:
                    return {**data, "status": None}
                time.sleep(self.config.wait)
        return data
