"""A plugin that tidies texts."""

from typing import Any

from .base import Plugin
from .config import TextProcessorConfig


class TextProcessorPlugin(Plugin):
    """Takes superfluous spaces out of a text, and can write it in capitals."""

    config: TextProcessorConfig

    def __init__(self, config: TextProcessorConfig | None = None) -> None:
        super().__init__(config if config is not None else TextProcessorConfig())

    @property
    def name(self) -> str:
        return "text_processor"

    @property
    def version(self) -> str:
        return "1.0.0"

    def execute(self, data: Any) -> str:
        text = str(data)
        if self.config.collapse_spaces:
            text = " ".join(text.split())
        return text.upper() if self.config.uppercase else text
