from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from .base import Plugin, PluginConfig, Result


@dataclass(frozen=True)
class Range:
    low: float
    high: float

    def __contains__(self, value: object) -> bool:
        return isinstance(value, (int, float)) and self.low <= value <= self.high


@dataclass(frozen=True)
class DataValidatorConfig(PluginConfig):
    ranges: dict[str, Range] = field(default_factory=dict)


@dataclass
class DataValidatorPlugin(Plugin):
    config: DataValidatorConfig = field(default_factory=DataValidatorConfig)

    name: ClassVar[str] = "data-validator"
    version: ClassVar[str] = "1.0.0"
    config_class: ClassVar[type[PluginConfig]] = DataValidatorConfig

    def execute(self, data: Any) -> Result:
        if not isinstance(data, dict):
            return self.failure("mapping expected")
        bad = sorted(k for k, r in self.config.ranges.items() if data.get(k) not in r)
        if bad:
            return self.failure("out of range or missing: " + ", ".join(bad), data)
        return self.success(data)
