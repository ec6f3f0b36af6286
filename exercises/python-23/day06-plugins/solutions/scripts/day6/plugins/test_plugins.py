import pytest
from data_validator import DataValidatorPlugin
from notification import NotificationPlugin
from plugin import Plugin
from plugin_manager import PluginManager
from text_processor import TextProcessorPlugin


def test_text():
    assert TextProcessorPlugin().execute({"text": " ada lovelace"})["text"] == "Ada Lovelace"


def test_validator():
    assert DataValidatorPlugin().execute({"data": {"a": None}})["errors"] == ["a is empty"]


def test_notification(capsys):
    NotificationPlugin().execute({"message": "hi"})
    assert capsys.readouterr().out == "system -> admin: hi\n"


def test_plugins_need_execute():
    with pytest.raises(TypeError):
        Plugin()  # type: ignore[abstract]


def test_load_all():
    manager = PluginManager()
    manager.load_all()
    assert [plugin.name for plugin in manager.plugins][-1] == "notification"
    assert len(manager.plugins) == 3
    context = manager.run({"text": "abc", "data": {"a": 1}, "message": "done"})
    assert context["text"] == "Abc"


def test_needed_first():
    with pytest.raises(ValueError):
        PluginManager().register(NotificationPlugin())
