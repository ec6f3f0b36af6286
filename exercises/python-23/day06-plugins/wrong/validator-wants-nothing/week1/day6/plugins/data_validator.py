"""A plugin that checks records."""

from typing import Any

from .base import Plugin
from .config import ValidatorConfig


class DataValidatorPlugin(Plugin):
    """Says what is missing in a record."""

    config: ValidatorConfig

    def __init__(self, config: ValidatorConfig | None = None) -> None:
        super().__init__(config if config is not None else ValidatorConfig())

    @property
    def name(self) -> str:
        return "data_validator"

    @property
    def version(self) -> str:
        return "1.0.0"

    def execute(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            return {"valid": False, "errors": ["the data is no dict"]}
        errors = [f"{key} is missing" for key in self.config.required if data.get(key)]
        return {"valid": not errors, "errors": errors}
