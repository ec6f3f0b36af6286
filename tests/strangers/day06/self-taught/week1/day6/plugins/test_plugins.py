# run with:  python -m pytest      (in the folder day6)
import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from plugins import Plugin, PluginConfig, PluginManager
from plugins.datavalidator import DataValidatorPlugin
from plugins.notification import NotificationPlugin
from plugins.textprocessor import TextProcessorPlugin


class Simple:
    version = "0"

    def __init__(self, name):
        self.name = name

    def execute(self, context):
        context.setdefault("ran", []).append(self.name)
        return context


@pytest.mark.parametrize("cls", [TextProcessorPlugin, DataValidatorPlugin, NotificationPlugin])
def test_is_plugin(cls):
    plugin = cls()
    assert isinstance(plugin, Plugin)
    assert plugin.execute({"text": "x"})["text"] == "x"


def test_not_a_plugin():
    pm = PluginManager()
    with pytest.raises(TypeError):
        pm.register(object())

    class OnlyName:
        name = "x"

    with pytest.raises(TypeError):
        pm.register(OnlyName())


def test_double():
    pm = PluginManager()
    pm.register(Simple("a"))
    with pytest.raises(ValueError):
        pm.register(Simple("a"))
    assert len(pm) == 1


def test_get():
    pm = PluginManager()
    a = Simple("a")
    pm.register(a)
    assert pm.get_plugin("a") is a
    assert pm.get_plugin("b") is None


def test_discover_and_run():
    pm = PluginManager()
    assert pm.discover() == ["notification", "datavalidator", "textprocessor"]
    assert pm.get_order() == ["textprocessor", "datavalidator", "notification"]
    result = pm.run_all({"text": "  hello world "})
    assert result["text"] == "Hello world"
    assert result["errors"] == []
    assert result["notifications"] == ["@admin: Hello world"]


def test_run_with_problems():
    pm = PluginManager()
    pm.discover()
    assert pm.run_all({"text": "a b c d e f"})["notifications"] == ["@admin: problems: too many words"]
    assert pm.run_all()["notifications"] == ["@admin: problems: text is empty"]


def test_context_of_caller_is_not_changed():
    pm = PluginManager()
    pm.register(TextProcessorPlugin())
    mine = {"text": " a "}
    pm.run_all(mine)
    assert mine == {"text": " a "}


def test_own_config_file(tmp_path):
    file = tmp_path / "my.json"
    file.write_text(
        json.dumps([{"name": "textprocessor", "module": "plugins.textprocessor", "cls": "TextProcessorPlugin"}])
    )
    pm = PluginManager()
    assert pm.discover(file) == ["textprocessor"]


def test_load_errors():
    pm = PluginManager()
    with pytest.raises(ModuleNotFoundError):
        pm.load(PluginConfig("x", "plugins.nothing", "X"))
    with pytest.raises(AttributeError):
        pm.load(PluginConfig("x", "plugins.notification", "X"))


def test_config_defaults():
    a = PluginConfig("a", "m", "C")
    a.depends_on.append("b")
    assert PluginConfig("c", "m", "C").depends_on == []


def test_order():
    pm = PluginManager()
    pm.register(Simple("d"), depends_on=["b", "c"])
    pm.register(Simple("b"), depends_on=["a"])
    pm.register(Simple("c"), depends_on=["a"])
    pm.register(Simple("a"))
    assert pm.run_all()["ran"] == ["a", "b", "c", "d"]


def test_cycle():
    pm = PluginManager()
    pm.register(Simple("a"), depends_on=["b"])
    pm.register(Simple("b"), depends_on=["a"])
    with pytest.raises(ValueError):
        pm.get_order()


def test_missing():
    pm = PluginManager()
    pm.register(Simple("a"), depends_on=["b"])
    with pytest.raises(KeyError):
        pm.run_all()
