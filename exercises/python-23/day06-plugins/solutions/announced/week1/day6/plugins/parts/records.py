from collections.abc import Mapping
from dataclasses import dataclass, field

from ..core import announce


@dataclass(frozen=True)
class RecordSettings:
    types: Mapping[str, type] = field(default_factory=dict)


@announce(settings=RecordSettings, after=["texts"])
class DataValidatorPlugin:
    name = "records"
    version = "3.1"

    def __init__(self, settings: RecordSettings) -> None:
        self.settings = settings

    def execute(self, *, data: Mapping[str, object]) -> list[str]:
        """What is wrong; nothing where all is well."""
        wanted = self.settings.types.items()
        return [f"{key} is no {kind.__name__}" for key, kind in wanted if not isinstance(data.get(key), kind)]
