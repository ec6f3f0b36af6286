from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from ..core import PluginBase


@dataclass(frozen=True)
class ValidatorConfig:
    max_length: int = 140
    require_address: bool = True


class DataValidatorPlugin(PluginBase):
    """Is this message fit to be sent?"""

    name: ClassVar[str] = "validator"

    def __init__(self, config: ValidatorConfig | None = None) -> None:
        self.config = config or ValidatorConfig()

    def execute(self, *args: Any, **kwargs: Any) -> list[str]:
        (message,) = args
        problems = []
        if not message.get("body"):
            problems.append("empty body")
        elif len(message["body"]) > self.config.max_length:
            problems.append("body too long")
        if self.config.require_address and "@" not in message.get("to", ""):
            problems.append("bad address")
        return problems
