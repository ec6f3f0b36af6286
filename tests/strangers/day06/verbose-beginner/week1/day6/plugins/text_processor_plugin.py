from dataclasses import dataclass

from plugins.base import Plugin


@dataclass
class TextProcessorConfig:
    operation: str = "upper"  # upper, lower, title or reverse


class TextProcessorPlugin(Plugin):
    name = "text_processor"
    version = "1.0"

    def __init__(self, config=None):
        if config is None:
            config = TextProcessorConfig()
        self.config = config

    def execute(self, text):
        if self.config.operation == "upper":
            return text.upper()
        elif self.config.operation == "lower":
            return text.lower()
        elif self.config.operation == "title":
            return text.title()
        elif self.config.operation == "reverse":
            return text[::-1]
        else:
            raise ValueError("Unknown operation: " + self.config.operation)
