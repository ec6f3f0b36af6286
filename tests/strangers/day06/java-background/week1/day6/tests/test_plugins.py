import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from plugins import Plugin
from plugins.builtin.data_validator import DataValidatorConfig, DataValidatorPlugin
from plugins.builtin.notification import NotificationConfig, NotificationPlugin
from plugins.builtin.text_processor import TextProcessorConfig, TextProcessorPlugin

ALL: list[type[Plugin]] = [TextProcessorPlugin, DataValidatorPlugin, NotificationPlugin]


@pytest.mark.parametrize("cls", ALL)
def test_interface(cls: type[Plugin]) -> None:
    plugin = cls()
    assert isinstance(plugin, Plugin)
    assert isinstance(plugin.name, str)
    assert plugin.version.count(".") == 2
    assert callable(plugin.execute)
    assert plugin.name in repr(plugin)


def test_abstract_class_cannot_be_created() -> None:
    with pytest.raises(TypeError):
        Plugin()  # type: ignore[abstract]


def test_incomplete_plugin_cannot_be_created() -> None:
    class Half(Plugin):
        @property
        def name(self) -> str:
            return "half"

    with pytest.raises(TypeError):
        Half()  # type: ignore[abstract]


def test_text_processor() -> None:
    assert TextProcessorPlugin().execute("  Hello    World ") == "Hello World"
    assert TextProcessorPlugin(TextProcessorConfig(lower=True)).execute("ABC") == "abc"
    assert TextProcessorPlugin(TextProcessorConfig(False, False, False)).execute(" A  ") == " A  "
    assert TextProcessorPlugin().execute() == ""


def test_data_validator() -> None:
    plugin = DataValidatorPlugin(DataValidatorConfig(2, 5, ("x",)))
    assert plugin.execute("abc").valid
    assert plugin.execute("a").messages == ("too short",)
    assert plugin.execute("abcxyz").messages == ("too long", "contains 'x'")
    assert not plugin.execute(5).valid


def test_notification() -> None:
    out: list[str] = []
    plugin = NotificationPlugin(NotificationConfig("mail", "HI"), out.append)
    assert plugin.execute("there") == "[mail] HI: there"
    assert out == plugin.sent == ["[mail] HI: there"]


def test_notification_prints(capsys: pytest.CaptureFixture[str]) -> None:
    NotificationPlugin().execute("x")
    assert capsys.readouterr().out == "[console] NOTICE: x\n"
