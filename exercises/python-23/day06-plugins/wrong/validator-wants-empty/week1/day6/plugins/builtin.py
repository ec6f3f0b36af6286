"""The three plugins that are always there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from week1.day6.plugins.interfaces import BasePlugin, PluginMetadata, PluginResult


class TextProcessorPlugin(BasePlugin[str, dict[str, int]]):
    """Counts words, whatever their case."""

    metadata = PluginMetadata("text-processor", "2.1.0")

    def execute(self, payload: str, /) -> PluginResult[dict[str, int]]:
        return PluginResult(True, dict(Counter(payload.lower().split())))


class DataValidatorPlugin(BasePlugin[dict[str, Any], dict[str, Any]]):
    """Checks that nothing is empty."""

    metadata = PluginMetadata("data-validator", "1.3.0")

    def execute(self, payload: dict[str, Any], /) -> PluginResult[dict[str, Any]]:
        if not payload:
            return PluginResult(False, errors=("no data",))
        empty = tuple(f"{key} is empty" for key, item in payload.items() if item not in (None, "", [], {}))
        return PluginResult(not empty, payload, empty)


class NotificationPlugin(BasePlugin[str, str]):
    """Hands messages to a channel."""

    metadata = PluginMetadata("notification", "1.0.2", frozenset({"text-processor"}))

    def __init__(self, channel: Callable[[str], object] = print) -> None:
        super().__init__()
        self._channel = channel

    def execute(self, payload: str, /) -> PluginResult[str]:
        self._channel(f"* {payload}")
        return PluginResult(True, payload)
