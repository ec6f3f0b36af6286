class DataValidatorPlugin:
    name = "data"
    version = "1"

    def execute(self, context):
        context["valid"] = bool(context.get("data"))
        return context
