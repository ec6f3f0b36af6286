class DataValidatorPlugin:
    name = "datavalidator"
    version = "1.0"

    def __init__(self, options=None):
        self.options = options or {}

    def execute(self, context):
        errors = []
        for key in self.options.get("required", ["text"]):
            if not context.get(key):
                errors.append(key + " is empty")
        max_words = self.options.get("max_words")
        if max_words and context.get("word_count", 0) > max_words:
            errors.append("too many words")
        context["errors"] = errors
        return context
