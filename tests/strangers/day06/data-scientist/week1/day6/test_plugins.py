import pytest

from week1.day6.plugins import Plugin, PluginError, PluginManager
from week1.day6.plugins.base import REGISTRY
from week1.day6.plugins.steps.notify import NotificationPlugin
from week1.day6.plugins.steps.text import TextProcessorPlugin
from week1.day6.plugins.steps.validate import DataValidatorPlugin

ROWS = [
    {"id": 1, "text": "Hello, World"},
    {"id": 2, "text": ""},
    {"id": 3, "text": "The  END."},
    {"id": 4},
]


@pytest.fixture
def pm():
    manager = PluginManager()
    manager.discover()
    return manager


@pytest.fixture
def toy():
    """Makes plugins which are forgotten after the test."""
    before = dict(REGISTRY)

    def make(name, *after):
        class Toy(Plugin, name=name, version="1", after=after):
            def execute(self, data):
                return [*data, self.name]

        return Toy

    yield make
    REGISTRY.clear()
    REGISTRY.update(before)


@pytest.mark.parametrize("cls", [TextProcessorPlugin, DataValidatorPlugin, NotificationPlugin])
def test_interface(cls):
    plugin = cls()
    assert isinstance(plugin, Plugin)
    assert isinstance(plugin.name, str)
    assert isinstance(plugin.version, str)
    assert callable(plugin.execute)
    assert set(plugin.get_params())
    assert repr(plugin).startswith(cls.__name__)


def test_base_is_abstract():
    with pytest.raises(TypeError):
        Plugin()


def test_discovery(pm):
    assert {"text_processor", "data_validator", "notification"} <= set(pm.available)
    with pytest.raises(ImportError):
        pm.discover("week1.day6.nothing")


def test_pipeline(pm):
    sent = []
    pm.add("notification", send=sent.append)
    assert pm.execution_order() == ["text_processor", "data_validator", "notification"]
    assert pm.execute(ROWS) == [{"id": 1, "text": "hello, world"}, {"id": 3, "text": "the end."}]
    assert sent == ["processed 2 records"]
    assert ROWS[0]["text"] == "Hello, World"


def test_params(pm):
    pm.add("text_processor", remove_punctuation=True, stopwords=("the",))
    assert pm.execute(ROWS[2:3]) == [{"id": 3, "text": "end"}]
    with pytest.raises(PluginError, match="already"):
        pm.add("text_processor", lowercase=False)
    with pytest.raises(PluginError, match="colour"):
        pm.add("data_validator", colour=1)
    with pytest.raises(PluginError, match="on_error"):
        pm.add("data_validator", on_error="cry")


def test_validator_raises(pm):
    pm.add("data_validator", on_error="raise")
    with pytest.raises(ValueError, match="2 invalid"):
        pm.execute(ROWS)
    assert len(pm.execute(ROWS[:1])) == 1


def test_add_and_remove(pm):
    with pytest.raises(PluginError, match="unknown plugin 'zzz'"):
        pm.add("zzz")
    pm.add("text_processor").add("text_processor")
    assert list(pm.active) == ["text_processor"]
    pm.remove("text_processor")
    with pytest.raises(PluginError, match="not active"):
        pm.remove("text_processor")
    assert pm.execute(ROWS) == ROWS


def test_register_instance(pm):
    pm.register(TextProcessorPlugin(column="title"))
    assert pm.execute([{"title": "A  B"}]) == [{"title": "a b"}]
    with pytest.raises(PluginError):
        pm.register(TextProcessorPlugin())
    with pytest.raises(PluginError):
        pm.register("text_processor")


def test_nameless(pm):
    class Nameless(Plugin):
        def execute(self, data):
            return data

    with pytest.raises(PluginError, match="without a name"):
        pm.register(Nameless())


def test_missing_dependency(pm):
    pm.add("notification", with_dependencies=False)
    with pytest.raises(PluginError, match="data_validator, which is not active"):
        pm.execute(ROWS)


def test_cycle(pm, toy):
    toy("a", "b")
    toy("b", "a")
    pm.add("a")
    with pytest.raises(PluginError, match="circular"):
        pm.execution_order()


def test_diamond(pm, toy):
    for name, after in {"d": "bc", "b": "a", "c": "a", "a": ""}.items():
        toy(name, *after)
    pm.add("d")
    out = pm.execute([])
    assert out[0] == "a"
    assert out[-1] == "d"
    assert sorted(out) == list("abcd")


def test_same_name_twice(toy):
    toy("a")
    with pytest.raises(ValueError, match="used by"):

        class Other(Plugin, name="a"):
            pass


def test_no_params(pm, toy):
    toy("a")
    with pytest.raises(PluginError, match="takes no parameters"):
        pm.add("a", x=1)


def test_summary(pm):
    pm.add("data_validator")
    lines = pm.summary().splitlines()
    assert lines[1].split() == ["text_processor", "1.0.0", "-"]
    assert lines[2].split() == ["data_validator", "1.0.0", "text_processor"]
