import pytest

from plugins.base import Plugin
from plugins.data_validator_plugin import DataValidatorConfig, DataValidatorPlugin
from plugins.notification_plugin import NotificationConfig, NotificationPlugin
from plugins.plugin_manager import PluginManager
from plugins.text_processor_plugin import TextProcessorConfig, TextProcessorPlugin


def make_plugin(plugin_name, needs):
    """Makes a little plugin for the tests."""

    class LittlePlugin(Plugin):
        name = plugin_name
        version = "0.1"
        requires = needs

        def execute(self, *args, **kwargs):
            return plugin_name

    return LittlePlugin()


@pytest.fixture
def manager():
    return PluginManager()


# ---- the interface ----


def test_all_plugins_have_the_interface():
    for cls in [TextProcessorPlugin, DataValidatorPlugin, NotificationPlugin]:
        plugin = cls()
        assert isinstance(plugin, Plugin)
        assert plugin.name != ""
        assert plugin.version != ""
        assert callable(plugin.execute)


def test_cannot_make_base_plugin():
    with pytest.raises(TypeError):
        Plugin()


def test_plugin_without_execute():
    class BadPlugin(Plugin):
        name = "bad"

    with pytest.raises(TypeError):
        BadPlugin()


# ---- the three plugins ----


def test_text_processor():
    assert TextProcessorPlugin().execute("abc") == "ABC"
    assert TextProcessorPlugin(TextProcessorConfig("lower")).execute("ABC") == "abc"
    assert TextProcessorPlugin(TextProcessorConfig("title")).execute("my text") == "My Text"
    assert TextProcessorPlugin(TextProcessorConfig("reverse")).execute("abc") == "cba"


def test_text_processor_unknown_operation():
    plugin = TextProcessorPlugin(TextProcessorConfig("explode"))
    with pytest.raises(ValueError):
        plugin.execute("abc")


def test_data_validator():
    plugin = DataValidatorPlugin(DataValidatorConfig(["name", "age"]))
    assert plugin.execute({"name": "Anna", "age": 3}) is True
    assert plugin.execute({"name": "Anna"}) is False
    assert plugin.execute({"name": "Anna", "age": None}) is False
    assert plugin.execute("Anna") is False


def test_configs_are_not_shared():
    first = DataValidatorConfig()
    second = DataValidatorConfig()
    first.required_keys.append("x")
    assert second.required_keys == []


def test_notification(capsys):
    plugin = NotificationPlugin(NotificationConfig("ben"))
    plugin.execute("hi")
    assert plugin.history == ["To ben: hi"]
    assert capsys.readouterr().out == "To ben: hi\n"


# ---- the manager ----


def test_register_and_get(manager):
    plugin = TextProcessorPlugin()
    manager.register(plugin)
    assert manager.get("text_processor") is plugin
    assert manager.list_plugins() == ["text_processor"]


def test_register_twice(manager):
    manager.register(TextProcessorPlugin())
    with pytest.raises(ValueError):
        manager.register(TextProcessorPlugin())


def test_register_something_else(manager):
    with pytest.raises(TypeError):
        manager.register("I am a string")


def test_register_without_name(manager):
    with pytest.raises(ValueError):
        manager.register(make_plugin("", []))


def test_unregister(manager):
    manager.register(TextProcessorPlugin())
    manager.unregister("text_processor")
    assert manager.list_plugins() == []
    with pytest.raises(KeyError):
        manager.unregister("text_processor")
    with pytest.raises(KeyError):
        manager.get("text_processor")


def test_discover(manager):
    manager.discover()
    assert manager.list_plugins() == ["data_validator", "notification", "text_processor"]


def test_discover_in_another_folder(manager, tmp_path, monkeypatch):
    folder = tmp_path / "moreplugins"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "hello_plugin.py").write_text(
        "from plugins.base import Plugin\n"
        "class HelloPlugin(Plugin):\n"
        "    name = 'hello'\n"
        "    version = '1'\n"
        "    def execute(self):\n"
        "        return 'hello'\n"
    )
    (folder / "other.py").write_text("raise RuntimeError('do not import me')")
    monkeypatch.syspath_prepend(tmp_path)
    manager.discover(folder, "moreplugins")
    assert manager.execute("hello") == "hello"


def test_dependency_order(manager):
    manager.discover()
    order = manager.resolve_dependencies()
    assert order.index("text_processor") < order.index("notification")
    assert order.index("data_validator") < order.index("notification")


def test_dependency_chain(manager):
    manager.register(make_plugin("a", ["b"]))
    manager.register(make_plugin("b", ["c"]))
    manager.register(make_plugin("c", []))
    assert manager.resolve_dependencies() == ["c", "b", "a"]


def test_missing_dependency(manager):
    manager.register(NotificationPlugin())
    with pytest.raises(ValueError, match="missing"):
        manager.resolve_dependencies()
    with pytest.raises(ValueError, match="missing"):
        manager.execute("notification", "hi")


def test_circular_dependency(manager):
    manager.register(make_plugin("a", ["b"]))
    manager.register(make_plugin("b", ["a"]))
    with pytest.raises(ValueError, match="Circular"):
        manager.resolve_dependencies()


def test_execute(manager):
    manager.discover()
    assert manager.execute("text_processor", "abc") == "ABC"
    with pytest.raises(KeyError):
        manager.execute("unknown")
