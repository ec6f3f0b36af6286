from __future__ import annotations

import pytest

from week1.day6 import plugins
from week1.day6.plugins.builtin import DataValidatorPlugin, NotificationPlugin, TextProcessorPlugin
from week1.day6.plugins.interfaces import BasePlugin, Plugin, PluginMetadata, PluginResult
from week1.day6.plugins.registry import DependencyError, PluginManager


class Echo(BasePlugin[str, str]):
    metadata = PluginMetadata("echo", "0.1.0", frozenset({"echo"}))

    def execute(self, payload: str, /) -> PluginResult[str]:
        return PluginResult(True, payload)


def test_the_interface() -> None:
    plugin: Plugin[str, dict[str, int]] = TextProcessorPlugin()
    assert (plugin.name, plugin.version) == ("text-processor", "2.1.0")
    assert plugin.execute("to be or not to be").value == {"to": 2, "be": 2, "or": 1, "not": 1}


def test_validation() -> None:
    assert DataValidatorPlugin().execute({"a": 1}).success
    assert DataValidatorPlugin().execute({"a": ""}).errors == ("a is empty",)


def test_notification() -> None:
    sent: list[str] = []
    NotificationPlugin(sent.append).execute("fire")
    assert sent == ["* fire"]


def test_discovery_and_order() -> None:
    manager = PluginManager()
    assert set(manager.discover(plugins)) == {"text-processor", "data-validator", "notification"}
    assert manager.resolve("notification") == ["text-processor", "notification"]
    assert manager.get("notification") is manager.get("notification")


def test_what_cannot_be_resolved() -> None:
    manager = PluginManager()
    manager.register(NotificationPlugin)
    manager.register(Echo)
    with pytest.raises(DependencyError, match="unknown"):
        manager.resolve("notification")
    with pytest.raises(DependencyError, match="echo -> echo"):
        manager.resolve("echo")
