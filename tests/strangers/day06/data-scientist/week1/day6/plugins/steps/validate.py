from dataclasses import dataclass, field

from week1.day6.plugins.base import Plugin


@dataclass
class ValidatorConfig:
    required: list[str] = field(default_factory=lambda: ["text"])
    on_error: str = "drop"  # or "raise"

    def __post_init__(self):
        if self.on_error not in ("drop", "raise"):
            raise TypeError(f"on_error must be drop or raise, not {self.on_error!r}")


class DataValidatorPlugin(Plugin, name="data_validator", version="1.0.0", after=["text_processor"]):
    """Drops (or complains about) records with empty fields."""

    Config = ValidatorConfig

    def is_valid(self, row):
        return all(row.get(col) not in (None, "") for col in self.config.required)

    def execute(self, data):
        good = [row for row in data if self.is_valid(row)]
        if self.config.on_error == "raise" and len(good) < len(data):
            raise ValueError(f"{len(data) - len(good)} invalid record(s)")
        return good
