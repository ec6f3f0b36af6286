from collections.abc import Mapping
from dataclasses import dataclass, field

from .api import plugin


@dataclass(frozen=True)
class DataConfig:
    types: Mapping[str, type] = field(default_factory=dict)


@plugin(config=DataConfig, needs=["text_processor"], tags=["data"])
class DataValidatorPlugin:
    name = "data_validator"
    version = "1.0.0"

    def __init__(self, config: DataConfig) -> None:
        self.config = config

    def execute(self, *, data: Mapping[str, object]) -> list[str]:
        """Problems found, an empty list for good data."""
        return [
            f"{key}: missing" if key not in data else f"{key}: not {kind.__name__}"
            for key, kind in self.config.types.items()
            if not isinstance(data.get(key), kind)
        ]
