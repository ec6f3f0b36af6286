from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ..interface import Configurable

Rule = Callable[[Any], bool]


@dataclass(frozen=True, kw_only=True)
class ValidatorConfig:
    rules: Mapping[str, Rule] = field(default_factory=dict)
    allow_unknown: bool = True


class DataValidatorPlugin(Configurable[ValidatorConfig]):
    name: ClassVar[str] = "validation"
    version: ClassVar[str] = "1.0.0"
    requires: ClassVar[tuple[str, ...]] = ("text>=1.1",)

    def __init__(self, config: ValidatorConfig | None = None) -> None:
        super().__init__(config or ValidatorConfig())

    def execute(self, data: Mapping[str, Any], /) -> dict[str, str]:
        """Field -> problem; empty if all is well."""
        problems = {}
        for name, rule in self.config.rules.items():
            if name not in data:
                problems[name] = "missing"
            elif not rule(data[name]):
                problems[name] = f"invalid value {data[name]!r}"
        if not self.config.allow_unknown:
            problems |= {k: "unknown field" for k in data if k not in self.config.rules}
        return problems


__plugins__ = [DataValidatorPlugin]
