class TextProcessorPlugin:
    name = "text"
    version = "1"

    def __init__(self, capitals=False):
        self.capitals = capitals

    def execute(self, context):
        words = context.get("text", "").split()
        context["words"] = len(words)
        context["text"] = " ".join(word.upper() if self.capitals else word for word in words)
        return context
