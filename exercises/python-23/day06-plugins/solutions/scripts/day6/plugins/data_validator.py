from plugin import Plugin


class DataValidatorPlugin(Plugin):
    name = "validator"
    version = "1.0"

    def execute(self, context: dict) -> dict:
        data = context.get("data", {})
        errors = []
        if not data:
            errors.append("no data")
        elif isinstance(data, dict):
            for key, value in data.items():
                if value is None or value == "":
                    errors.append(f"{key} is empty")
        context["errors"] = errors
        return context
