import pytest

from plugin_manager import PluginManager
from plugins.base import Plugin, PluginConfig
from plugins.data_validator import DataValidatorPlugin
from plugins.notification import NotificationPlugin
from plugins.text_processor import TextProcessorPlugin


class TestPlugins:
    def test_interface(self):
        for cls in (TextProcessorPlugin, DataValidatorPlugin, NotificationPlugin):
            plugin = cls(PluginConfig(name="x", version="2.0.0"))
            assert isinstance(plugin, Plugin)
            assert plugin.name == "x"
            assert plugin.version == "2.0.0"

    def test_text(self):
        plugin = TextProcessorPlugin(PluginConfig("text"))
        assert plugin.execute("abc") == "ABC"
        assert plugin.execute("abc", operation="reverse") == "cba"
        with pytest.raises(ValueError):
            plugin.execute("abc", operation="explode")

    def test_validator(self):
        plugin = DataValidatorPlugin(PluginConfig("validator", settings={"rules": {"age": int}}))
        assert plugin.execute({"age": 3})
        assert not plugin.execute({"age": "three"})

    def test_notification(self, capsys):
        assert NotificationPlugin(PluginConfig("n")).execute(message="hi", recipient="Ada")
        assert "Ada: hi" in capsys.readouterr().out


class TestManager:
    def test_order(self):
        manager = PluginManager()
        manager.register(NotificationPlugin, PluginConfig("notification", dependencies=["validator"]))
        manager.register(DataValidatorPlugin, PluginConfig("validator", dependencies=["text"]))
        with pytest.raises(ValueError):
            manager.get_load_order()
        manager.load_plugin("plugins.text_processor", "TextProcessorPlugin", PluginConfig("text"))
        assert manager.get_load_order() == ["text", "validator", "notification"]
        assert manager.execute("text", "a") == "A"

    def test_cycle(self):
        manager = PluginManager()
        manager.register(NotificationPlugin, PluginConfig("a", dependencies=["b"]))
        manager.register(NotificationPlugin, PluginConfig("b", dependencies=["a"]))
        with pytest.raises(ValueError):
            manager.initialize_all()

    def test_discovery(self):
        names = {cls.__name__ for cls in PluginManager().discover_plugins()}
        assert names == {"TextProcessorPlugin", "DataValidatorPlugin", "NotificationPlugin"}
