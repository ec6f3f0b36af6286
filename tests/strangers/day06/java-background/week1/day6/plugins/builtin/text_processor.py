from dataclasses import dataclass
from typing import Any

from ..plugin import Plugin


@dataclass(frozen=True)
class TextProcessorConfig:
    strip: bool = True
    lower: bool = False
    collapse_spaces: bool = True


class TextProcessorPlugin(Plugin):
    def __init__(self, config: TextProcessorConfig | None = None) -> None:
        self._config = config or TextProcessorConfig()

    @property
    def name(self) -> str:
        return "text_processor"

    @property
    def version(self) -> str:
        return "1.0.0"

    def execute(self, data: Any = None) -> str:
        text = "" if data is None else str(data)
        if self._config.collapse_spaces:
            text = _collapse(text)
        if self._config.strip:
            text = text.strip()
        if self._config.lower:
            text = text.lower()
        return text


def _collapse(text: str) -> str:
    while "  " in text:
        text = text.replace("  ", " ")
    return text
