from dataclasses import dataclass

from .base import Plugin


@dataclass
class TextProcessorConfig:
    uppercase: bool = False
    trim: bool = True


class TextProcessorPlugin(Plugin):
    name = "text_processor"
    version = "1.0"

    def __init__(self, config=None):
        self.config = config or TextProcessorConfig()

    def execute(self, data):
        text = data["text"]
        if self.config.trim:
            text = text.strip()
        if self.config.uppercase:
            text = text.upper()
        return {**data, "text": text}
