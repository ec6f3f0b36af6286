from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from .base import Plugin, PluginConfig, Result


@dataclass(frozen=True)
class TextProcessorConfig(PluginConfig):
    replacements: dict[str, str] = field(default_factory=dict)
    max_length: int | None = None


@dataclass
class TextProcessorPlugin(Plugin):
    config: TextProcessorConfig = field(default_factory=TextProcessorConfig)

    name: ClassVar[str] = "text-processor"
    version: ClassVar[str] = "1.0.0"
    config_class: ClassVar[type[PluginConfig]] = TextProcessorConfig

    def execute(self, data: Any) -> Result:
        if not isinstance(data, str):
            return self.failure(f"text expected, got {type(data).__name__}")
        text = data
        for old, new in self.config.replacements.items():
            text = text.replace(old, new)
        limit = self.config.max_length
        if limit is not None and len(text) > limit:
            text = text[: limit - 1] + "…"
        return self.success(text)
