class NotificationPlugin:
    name = "note"
    version = "1"

    def __init__(self, to="admin"):
        self.to = to

    def execute(self, context):
        print("to " + self.to + ": " + context.get("message", "nothing to say"))
        return context
