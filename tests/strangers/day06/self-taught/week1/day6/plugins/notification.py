class NotificationPlugin:
    name = "notification"
    version = "1.0"

    def __init__(self, options=None):
        self.options = options or {}

    def execute(self, context):
        to = self.options.get("to", "me")
        if context.get("errors"):
            msg = f"@{to}: problems: {'; '.join(context['errors'])}"
        else:
            msg = f"@{to}: {context.get('text', '')}"
        context.setdefault("notifications", []).append(msg)
        return context
