from dataclasses import dataclass


@dataclass(frozen=True)
class TextSettings:
    mode: str = "title"


@dataclass(frozen=True)
class NotificationSettings:
    sender: str = "system"
    recipients: tuple[str, ...] = ("admin",)
