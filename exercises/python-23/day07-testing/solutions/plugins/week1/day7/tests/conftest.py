"""Plugins and managers for all tests."""

from collections.abc import Callable
from typing import Any

import pytest

from week1.day6.plugins import NotificationPlugin, Plugin, PluginManager, TextProcessorPlugin

MakePlugin = Callable[..., Plugin]


@pytest.fixture
def make_plugin() -> MakePlugin:
    """Makes plugins that do nothing but have a name and needs."""

    def make(plugin_name: str, *needs: str) -> Plugin:
        class Made(Plugin):
            name = plugin_name
            version = "0.0.1"
            dependencies = list(needs)

            def execute(self, data: Any) -> Any:
                return (plugin_name, data)

        return Made()

    return make


@pytest.fixture
def manager() -> PluginManager:
    return PluginManager()


@pytest.fixture
def full_manager(manager: PluginManager) -> PluginManager:
    manager.register(NotificationPlugin())
    manager.register(TextProcessorPlugin())
    return manager
