import pytest

from plugins import PluginManager, Recipe
from plugins.parts.news import NotificationPlugin
from plugins.parts.records import DataValidatorPlugin, RecordSettings
from plugins.parts.texts import TextProcessorPlugin, TextSettings


@pytest.mark.parametrize("cls", [TextProcessorPlugin, DataValidatorPlugin, NotificationPlugin])
def test_members(cls: type) -> None:
    assert cls.name and cls.version and callable(cls.execute)


def test_texts() -> None:
    assert TextProcessorPlugin(TextSettings(("whisper",))).execute(text="AbC") == "abc"


def test_records() -> None:
    plugin = DataValidatorPlugin(RecordSettings({"age": int}))
    assert plugin.execute(data={"age": 1}) == []
    assert plugin.execute(data={"age": "1"}) == ["age is no int"]


def test_news(caplog: pytest.LogCaptureFixture) -> None:
    NotificationPlugin().execute(message="rain")
    assert caplog.messages == ["rain"]


def test_start() -> None:
    manager = PluginManager()
    manager.scan()
    manager.start()
    assert manager.order() == ["texts", "records", "news"]
    assert manager["texts"].execute(text=" a ") == "A"


def test_what_cannot_start() -> None:
    manager = PluginManager()
    manager.register(Recipe(NotificationPlugin, after=("texts",)))
    with pytest.raises(LookupError):
        manager.start()
    manager.register(Recipe(TextProcessorPlugin, TextSettings, after=("news",)))
    with pytest.raises(ValueError):
        manager.start()
