import re
from dataclasses import dataclass, field


@dataclass
class ValidatorConfig:
    pattern: str = r".+"


@dataclass
class DataValidatorPlugin:
    config: ValidatorConfig = field(default_factory=ValidatorConfig)
    name: str = "validate"
    version: str = "1"
    needs: tuple[str, ...] = ("text",)

    def execute(self, payload: str) -> str:
        if not re.fullmatch(self.config.pattern, payload):
            raise ValueError(f"{payload!r} does not match {self.config.pattern}")
        return payload


def setup(manager):
    manager.register(DataValidatorPlugin())
