from collections.abc import Callable
from dataclasses import dataclass

from ..core import announce

STEPS: dict[str, Callable[[str], str]] = {"trim": str.strip, "shout": str.upper, "whisper": str.lower}


@dataclass(frozen=True)
class TextSettings:
    steps: tuple[str, ...] = ("trim", "shout")


@announce(settings=TextSettings)
class TextProcessorPlugin:
    name = "texts"
    version = "3.0"

    def __init__(self, settings: TextSettings) -> None:
        self.settings = settings

    def execute(self, *, text: str) -> str:
        for step in self.settings.steps:
            text = STEPS[step](text)
        return text
