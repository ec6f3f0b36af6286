import re
from dataclasses import dataclass, field


@dataclass
class TextConfig:
    case: str = "lower"
    squeeze: bool = True


@dataclass
class TextProcessorPlugin:
    config: TextConfig = field(default_factory=TextConfig)
    name: str = "text"
    version: str = "1"

    def execute(self, payload: str) -> str:
        out = getattr(payload, self.config.case)()
        return re.sub(r"\s+", " ", out).strip() if self.config.squeeze else out


def setup(manager):
    manager.register(TextProcessorPlugin())
