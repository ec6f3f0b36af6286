from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from ..core import PluginBase


@dataclass(frozen=True)
class TextConfig:
    mask_words: tuple[str, ...] = ()
    collapse: bool = True


class TextProcessorPlugin(PluginBase):
    name: ClassVar[str] = "text"

    def __init__(self, config: TextConfig | None = None) -> None:
        self.config = config or TextConfig()

    def execute(self, *args: Any, **kwargs: Any) -> str:
        text = " ".join(map(str, args))
        for word in self.config.mask_words:
            text = re.sub(rf"\b{re.escape(word)}\b", "*" * len(word), text, flags=re.IGNORECASE)
        if self.config.collapse:
            text = re.sub(r"\s+", " ", text).strip()
        return text
