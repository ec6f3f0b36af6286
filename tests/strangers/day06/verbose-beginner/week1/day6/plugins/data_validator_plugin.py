from dataclasses import dataclass, field

from plugins.base import Plugin


@dataclass
class DataValidatorConfig:
    required_keys: list[str] = field(default_factory=list)


class DataValidatorPlugin(Plugin):
    name = "data_validator"
    version = "1.0"

    def __init__(self, config=None):
        if config is None:
            config = DataValidatorConfig()
        self.config = config

    def execute(self, data):
        """Returns True if the dict has all the keys and none of them is None."""
        if not isinstance(data, dict):
            return False
        for key in self.config.required_keys:
            if key not in data:
                return False
            if data[key] is None:
                return False
        return True
