import pytest

from plugins import (
    Plugin,
    PluginConfigError,
    PluginDependencyError,
    PluginError,
    PluginImportError,
    PluginManager,
)
from plugins.text_processor import TextProcessorPlugin


def make(name, *depends, run=lambda self, data: self.success(data)):
    return type(
        name,
        (Plugin,),
        {"name": name, "version": "0", "depends_on": frozenset(depends), "execute": run},
    )


def build(*classes, **settings):
    manager = PluginManager(settings)
    for cls in classes:
        manager.register(cls)
    return manager


def order(manager):
    return [p.name for p in manager.resolve()]


def test_discover():
    manager = PluginManager()
    assert manager.discover() == ["data-validator", "notification", "text-processor"]
    assert len(manager) == 3
    assert order(manager).index("text-processor") < order(manager).index("notification")


def test_discover_folder(tmp_path):
    (tmp_path / "extra.py").write_text(
        "from plugins import Plugin\n"
        "class Extra(Plugin):\n"
        "    name = 'extra'\n"
        "    version = '1'\n"
        "    def execute(self, data):\n"
        "        return self.success(data + 1)\n"
    )
    manager = PluginManager()
    assert manager.discover(tmp_path) == ["extra"]
    assert manager.execute("extra", 1).value == 2


def test_discover_broken(tmp_path):
    (tmp_path / "broken.py").write_text("raise ValueError('no')")
    with pytest.raises(PluginImportError, match="no"):
        PluginManager().discover(tmp_path)


def test_load():
    manager = PluginManager({"text-processor": {"max_length": 3}})
    plugin = manager.load("plugins.text_processor:TextProcessorPlugin")
    assert plugin is manager["text-processor"]
    assert plugin.config.max_length == 3


@pytest.mark.parametrize("ref", ["nope:X", "plugins.text_processor:X", "", "plugins"])
def test_load_fails(ref):
    with pytest.raises(PluginImportError):
        PluginManager().load(ref)


def test_register_errors():
    manager = build(TextProcessorPlugin)
    with pytest.raises(PluginError, match="exists"):
        manager.register(TextProcessorPlugin)
    for thing in (int, "x", TextProcessorPlugin()):
        with pytest.raises(PluginError, match="not a subclass"):
            manager.register(thing)
    with pytest.raises(PluginError, match="no plugin"):
        manager["zzz"]


def test_bad_settings():
    with pytest.raises(PluginConfigError, match="colour"):
        build(make("a"), a={"colour": 1})


def test_order():
    assert order(build(make("c", "b"), make("b", "a"), make("a"))) == ["a", "b", "c"]
    assert order(build(make("d", "b", "c"), make("b", "a"), make("c", "a"), make("a"))) == list("abcd")


def test_priority():
    manager = build(make("a"), make("b"), make("c", "a"), b={"priority": 1}, c={"priority": 0})
    assert order(manager) == ["b", "a", "c"]


def test_missing_disabled_circular():
    with pytest.raises(PluginDependencyError, match="missing or disabled: b"):
        build(make("a", "b")).resolve()
    with pytest.raises(PluginDependencyError, match="missing or disabled: b"):
        build(make("a", "b"), make("b"), b={"enabled": False}).resolve()
    with pytest.raises(PluginDependencyError, match="circle: a, b"):
        build(make("a", "b"), make("b", "a"), make("c")).resolve()
    with pytest.raises(PluginDependencyError, match="circle"):
        build(make("a", "a")).resolve()


def test_execute():
    def boom(self, data):
        raise RuntimeError("boom")

    manager = build(make("a"), make("b", run=boom), make("c"), c={"enabled": False})
    assert "a" in manager
    assert manager.execute("c", 1).error == "plugin is disabled"
    assert [(r.plugin, r.ok, r.error) for r in manager.execute_all(1)] == [
        ("a", True, None),
        ("b", False, "RuntimeError: boom"),
    ]
