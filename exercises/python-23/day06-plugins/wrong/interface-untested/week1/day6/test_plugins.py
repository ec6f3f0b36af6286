"""Tests of the manager."""

import pytest
from plugins import PluginError, PluginManager, TextProcessorPlugin


@pytest.fixture
def manager() -> PluginManager:
    manager = PluginManager()
    manager.register(TextProcessorPlugin())
    return manager


def test_plugins_are_listed(manager: PluginManager) -> None:
    assert manager.list_plugins() == ["text_processor"]


def test_unknown_plugins_are_refused(manager: PluginManager) -> None:
    with pytest.raises(PluginError):
        manager.get_plugin("other")


def test_plugins_are_taken_out(manager: PluginManager) -> None:
    manager.unregister("text_processor")
    assert manager.list_plugins() == []
