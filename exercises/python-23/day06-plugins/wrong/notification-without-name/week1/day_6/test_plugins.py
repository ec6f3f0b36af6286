import logging
from graphlib import CycleError
from pathlib import Path

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


def test_order(manager: PluginManager) -> None:
    assert [plugin.name for plugin in manager.execution_order()] == ["text", ""]


def test_cycle(manager: PluginManager) -> None:
    manager.add(TextProcessorPlugin(dependencies={""}))
    with pytest.raises(CycleError):
        manager.execution_order()


def test_missing() -> None:
    with pytest.raises(LookupError):
        PluginManager().add(NotificationPlugin()).execution_order()


def test_discovery(tmp_path: Path) -> None:
    (tmp_path / "extra.py").write_text(
        "class Extra:\n    name, version, dependencies = 'extra', '1', set()\n    def execute(self): return 1\n"
    )
    manager = PluginManager(tmp_path)
    assert manager.discover() == 1
    assert manager["extra"].execute() == 1
