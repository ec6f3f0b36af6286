from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..plugin import Plugin


@dataclass(frozen=True)
class DataValidatorConfig:
    min_length: int = 1
    max_length: int = 1000
    forbidden: tuple[str, ...] = ()


@dataclass(frozen=True)
class ValidationResult:
    valid: bool
    messages: tuple[str, ...] = ()


class DataValidatorPlugin(Plugin):
    def __init__(self, config: DataValidatorConfig | None = None) -> None:
        self._config = config or DataValidatorConfig()

    @property
    def name(self) -> str:
        return "data_validator"

    @property
    def version(self) -> str:
        return "1.1.0"

    @property
    def dependencies(self) -> Sequence[str]:
        return ("text_processor",)

    def execute(self, data: Any = None) -> ValidationResult:
        messages: list[str] = []
        if not isinstance(data, str):
            return ValidationResult(False, ("not a string",))
        if len(data) < self._config.min_length:
            messages.append("too short")
        if len(data) > self._config.max_length:
            messages.append("too long")
        messages.extend(f"contains '{w}'" for w in self._config.forbidden if w in data)
        return ValidationResult(not messages, tuple(messages))
