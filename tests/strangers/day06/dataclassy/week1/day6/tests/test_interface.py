from dataclasses import FrozenInstanceError

import pytest

from plugins import Plugin, PluginConfig, Result
from plugins.data_validator import DataValidatorConfig, DataValidatorPlugin, Range
from plugins.notification import NotificationConfig, NotificationPlugin
from plugins.text_processor import TextProcessorConfig, TextProcessorPlugin


@pytest.mark.parametrize("cls", [TextProcessorPlugin, DataValidatorPlugin, NotificationPlugin])
def test_interface(cls):
    plugin = cls()
    assert isinstance(plugin, Plugin)
    assert plugin.name
    assert plugin.version == "1.0.0"
    assert isinstance(plugin.config, plugin.config_class)
    assert isinstance(plugin.execute("anything"), Result)


def test_abstract():
    with pytest.raises(TypeError):
        Plugin()

    class NoExecute(Plugin):
        name = "x"
        version = "1"

    with pytest.raises(TypeError):
        NoExecute()


@pytest.mark.parametrize("attributes", [{}, {"name": "x"}, {"version": "1"}, {"name": 1, "version": "1"}])
def test_name_and_version_are_required(attributes):
    with pytest.raises(TypeError, match="must define"):
        type("Bad", (Plugin,), attributes)


def test_config_is_frozen():
    with pytest.raises(FrozenInstanceError):
        PluginConfig().enabled = False


def test_text():
    plugin = TextProcessorPlugin(TextProcessorConfig(replacements={"a": "b"}, max_length=4))
    assert plugin.execute("aaaa") == Result("text-processor", True, "bbbb")
    assert plugin.execute("aaaaa").value == "bbb…"
    assert plugin.execute(5).error == "text expected, got int"


def test_validator():
    plugin = DataValidatorPlugin(DataValidatorConfig(ranges={"age": Range(0, 120)}))
    assert plugin.execute({"age": 5}).ok
    for data in ({"age": -1}, {"age": "5"}, {}, []):
        assert not plugin.execute(data).ok


def test_notification(capsys):
    plugin = NotificationPlugin(NotificationConfig(channels=("console", "mail")))
    assert plugin.execute("hi").value == 2
    assert plugin.outbox == [("console", "hi"), ("mail", "hi")]
    assert capsys.readouterr().out == "hi\n"
