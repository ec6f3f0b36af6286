from plugin import Plugin
from settings import TextSettings


class TextProcessorPlugin(Plugin):
    name = "text"
    version = "1.1"

    def __init__(self, settings: TextSettings = TextSettings()) -> None:
        self.settings = settings

    def execute(self, context: dict) -> dict:
        change = getattr(str, self.settings.mode)
        context["text"] = change(context["text"].strip())
        return context
