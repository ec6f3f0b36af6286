from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import ClassVar, Literal

from ..interface import Configurable


@dataclass(frozen=True, kw_only=True)
class TextConfig:
    normal_form: Literal["NFC", "NFKC"] = "NFC"
    casefold: bool = False
    max_words: int | None = None


class TextProcessorPlugin(Configurable[TextConfig]):
    name: ClassVar[str] = "text"
    version: ClassVar[str] = "1.2.0"

    def __init__(self, config: TextConfig | None = None) -> None:
        super().__init__(config or TextConfig())

    def execute(self, data: str, /) -> list[str]:
        text = unicodedata.normalize(self.config.normal_form, data)
        if self.config.casefold:
            text = text.casefold()
        return text.split()[: self.config.max_words]


__plugins__ = [TextProcessorPlugin]
