import logging
from graphlib import CycleError

import pytest

from plugins import DataValidatorPlugin, NotificationPlugin, Plugin, PluginManager, TextProcessorPlugin, ValidationError


@pytest.fixture
def manager() -> PluginManager:
    return PluginManager().add(NotificationPlugin()).add(TextProcessorPlugin())


def test_all_are_plugins() -> None:
    for plugin in (TextProcessorPlugin(), DataValidatorPlugin(), NotificationPlugin()):
        assert isinstance(plugin, Plugin)


def test_words() -> None:
    assert TextProcessorPlugin().execute("to be or not") == {"words": 4, "longest": 3}


def test_schema() -> None:
    plugin = DataValidatorPlugin(schema={"age": int})
    assert plugin.execute({"age": 3}) == {"age": 3}
    with pytest.raises(ValidationError):
        plugin.execute({"age": "3"})


def test_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        NotificationPlugin().execute(message="fire")
    assert "fire" in caplog.text


def test_cycle(manager: PluginManager) -> None:
    manager.add(TextProcessorPlugin(dependencies={"notification"}))
    with pytest.raises(CycleError):
        manager.execution_order()
