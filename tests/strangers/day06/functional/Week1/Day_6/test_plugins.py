import logging

import pytest

from plugins import (
    DependencyError,
    Plugin,
    PluginError,
    PluginManager,
    PluginSpec,
    UnknownPlugin,
)
from plugins import plugin as plugin_decorator
from plugins.manager import topological

SETTINGS = {
    "text_processor": {"steps": ("strip", "lower", "slug")},
    "data_validator": {"types": {"age": int}},
    "notification": {"level": logging.WARNING, "subject": "hey"},
}


@pytest.fixture
def started():
    manager = PluginManager(SETTINGS)
    manager.discover()
    return manager.start()


def spec(name, *needs):
    cls = type(name, (), {"name": name, "version": "0", "execute": lambda self, **kw: kw})
    return PluginSpec(cls, needs=needs)


def test_discover_finds_the_three():
    names = PluginManager().discover()
    assert sorted(names) == ["data_validator", "notification", "text_processor"]


def test_discover_works_for_a_second_manager():
    assert PluginManager().discover() == PluginManager().discover()


def test_discover_in_another_package(tmp_path, monkeypatch):
    pkg = tmp_path / "extras"
    pkg.mkdir()
    (pkg / "__init__.py").touch()
    (pkg / "plugin_x.py").write_text(
        "from plugins import plugin\n@plugin()\nclass X:\n"
        "    name = 'x'\n    version = '1'\n    def execute(self, **kw): return 'x'\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    manager = PluginManager()
    assert manager.discover("extras") == ["x"]
    assert manager.start().execute("x") == "x"


@pytest.mark.parametrize("name", ["text_processor", "data_validator", "notification"])
def test_interface(started, name):
    assert isinstance(started[name], Plugin)
    assert started[name].name == name
    assert started[name].version == "1.0.0"


def test_decorator_checks_the_interface():
    with pytest.raises(TypeError, match="lacks: version, execute"):

        @plugin_decorator()
        class Nope:
            name = "nope"


def test_execution(started, caplog):
    assert started.execute("text_processor", text=" Hello Big World ") == "hello-big-world"
    assert started.execute("data_validator", data={"age": 3}) == []
    assert started.execute("data_validator", data={"age": "3"}) == ["age: not int"]
    assert started.execute("data_validator", data={}) == ["age: missing"]
    started.execute("notification", message="done")
    assert caplog.messages == ["hey: done"]


def test_started_in_dependency_order(started):
    assert list(started.running) == ["text_processor", "data_validator", "notification"]
    assert started.tagged("text") == ["text_processor", "notification"]


def test_bad_settings():
    for bad in ({"colour": 1}, {"steps": ("fly",)}):
        manager = PluginManager({"text_processor": bad})
        manager.discover()
        with pytest.raises(PluginError, match="bad settings for text_processor"):
            manager.start()


def test_register_by_hand():
    manager = PluginManager()
    manager.register(spec("a"))
    with pytest.raises(PluginError, match="not started"):
        manager["a"]
    with pytest.raises(UnknownPlugin):
        manager["b"]
    with pytest.raises(PluginError, match="twice"):
        manager.register(spec("a"))
    assert manager.start().execute("a", x=1) == {"x": 1}


@pytest.mark.parametrize(
    ("specs", "message"),
    [
        ([spec("a", "b")], "a needs unknown plugin b"),
        ([spec("a", "a")], "a > a"),
        ([spec("z", "a"), spec("a", "b"), spec("b", "c"), spec("c", "a")], "a > b > c > a"),
    ],
)
def test_unresolvable(specs, message):
    manager = PluginManager()
    for s in specs:
        manager.register(s)
    with pytest.raises(DependencyError, match=message):
        manager.start()
    assert manager.running == {}


def test_topological_diamond():
    order = topological({"d": ["b", "c"], "b": ["a"], "c": ["a"], "a": []})
    assert order == ["a", "b", "c", "d"]
