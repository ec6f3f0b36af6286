from typing import Any

from plugins.base import Plugin, PluginConfig


class TextProcessorPlugin(Plugin):
    def __init__(self, config: PluginConfig) -> None:
        super().__init__(config)
        self.operations = {
            "upper": str.upper,
            "lower": str.lower,
            "title": str.title,
            "reverse": lambda text: text[::-1],
        }

    def initialize(self) -> bool:
        print(f"{self.name} initialized")
        return True

    def execute(self, *args: Any, **kwargs: Any) -> str:
        text = kwargs.get("text", args[0] if args else "")
        operation = kwargs.get("operation", "upper")
        if operation not in self.operations:
            raise ValueError(f"Unknown operation: {operation}")
        return self.operations[operation](text)

    def cleanup(self) -> None:
        print(f"{self.name} cleaned up")
