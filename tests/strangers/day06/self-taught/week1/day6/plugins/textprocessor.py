class TextProcessorPlugin:
    name = "textprocessor"
    version = "1.0"

    def __init__(self, options=None):
        self.options = options or {}

    def execute(self, context):
        text = context.get("text", "")
        if self.options.get("strip", True):
            text = text.strip()
        if self.options.get("capitalize"):
            text = text.capitalize()
        context["text"] = text
        context["word_count"] = len(text.split())
        return context
