from dataclasses import dataclass, field

from .base import Plugin


@dataclass
class DataValidatorConfig:
    rules: dict = field(default_factory=lambda: {"text": str})


class ValidationError(Exception):
    pass


class DataValidatorPlugin(Plugin):
    name = "data_validator"
    version = "1.0"

    def __init__(self, config=None):
        self.config = config or DataValidatorConfig()

    def execute(self, data):
        for key, type_ in self.config.rules.items():
            if key not in data:
                raise ValidationError(f"{key} is missing")
            if not isinstance(data[key], type_):
                raise ValidationError(f"{key} is not {type_.__name__}")
        return data
