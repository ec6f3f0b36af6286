from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

from .api import plugin

STEPS: dict[str, Callable[[str], str]] = {
    "strip": str.strip,
    "lower": str.lower,
    "upper": str.upper,
    "words": lambda s: " ".join(s.split()),
    "slug": lambda s: "-".join(s.split()),
}


@dataclass(frozen=True)
class TextConfig:
    steps: tuple[str, ...] = ("strip",)

    def __post_init__(self) -> None:
        unknown = [s for s in self.steps if s not in STEPS]
        if unknown:
            raise TypeError(f"unknown steps {unknown}")


@plugin(config=TextConfig, tags=["text"])
class TextProcessorPlugin:
    name = "text_processor"
    version = "1.0.0"

    def __init__(self, config: TextConfig) -> None:
        self.config = config

    def execute(self, *, text: str) -> str:
        return reduce(lambda acc, step: STEPS[step](acc), self.config.steps, text)
