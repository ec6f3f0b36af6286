from typing import Any

from plugins.base import Plugin


class DataValidatorPlugin(Plugin):
    def initialize(self) -> bool:
        return True

    def execute(self, *args: Any, **kwargs: Any) -> bool:
        data = kwargs.get("data")
        if data is None and args:
            data = args[0]
        rules = kwargs.get("rules", self.config.settings.get("rules", {}))
        if not isinstance(data, dict):
            return False
        for key, expected_type in rules.items():
            if key not in data or not isinstance(data[key], expected_type):
                return False
        return True

    def cleanup(self) -> None:
        pass
