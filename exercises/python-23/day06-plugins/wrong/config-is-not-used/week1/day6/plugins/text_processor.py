"""A plugin that tidies texts."""

from typing import Any

from .base import Plugin


class TextProcessorPlugin(Plugin):
    """Takes superfluous spaces out of a text, and can write it in capitals."""

    @property
    def name(self) -> str:
        return "text_processor"

    @property
    def version(self) -> str:
        return "1.0.0"

    def execute(self, data: Any) -> str:
        text = str(data)
        return " ".join(text.split())
