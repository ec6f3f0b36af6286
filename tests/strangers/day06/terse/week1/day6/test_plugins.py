from dataclasses import dataclass

import pytest

from plugins import Plugin, PluginError, PluginManager
from plugins.available.notify import NotificationPlugin, NotifyConfig
from plugins.available.text import TextConfig, TextProcessorPlugin
from plugins.available.validate import DataValidatorPlugin, ValidatorConfig


@dataclass
class P:
    name: str
    needs: tuple = ()
    version: str = "0"

    def execute(self, payload):
        return payload + [self.name]


@pytest.mark.parametrize("cls", [TextProcessorPlugin, DataValidatorPlugin, NotificationPlugin])
def test_interface(cls):
    p = cls()
    assert isinstance(p, Plugin)
    assert p.name and p.version


@pytest.mark.parametrize("bad", [1, "x", object(), TextProcessorPlugin])
def test_not_a_plugin(bad):
    with pytest.raises(PluginError, match="not a plugin"):
        PluginManager().register(bad)


def test_duplicate_and_unknown():
    m = PluginManager().register(P("a"))
    assert m["a"].name == "a"
    with pytest.raises(PluginError, match="duplicate"):
        m.register(P("a"))
    with pytest.raises(PluginError, match="unknown"):
        m["b"]


@pytest.mark.parametrize(
    "plugins, expected",
    [
        ([], []),
        ([P("a")], ["a"]),
        ([P("c", ("b",)), P("b", ("a",)), P("a")], ["a", "b", "c"]),
    ],
)
def test_order(plugins, expected):
    m = PluginManager().register(*plugins)
    assert [p.name for p in m.order()] == expected
    assert m.run([]) == expected


def test_diamond():
    m = PluginManager().register(P("d", ("b", "c")), P("b", ("a",)), P("c", ("a",)), P("a"))
    out = m.run([])
    assert out[0] == "a" and out[3] == "d" and set(out) == set("abcd")


def test_missing():
    with pytest.raises(PluginError, match="a needs x, y"):
        PluginManager().register(P("a", ("y", "x"))).order()


@pytest.mark.parametrize("plugins", [[P("a", ("a",))], [P("a", ("b",)), P("b", ("a",))]])
def test_cycle(plugins):
    with pytest.raises(PluginError, match="cycle: "):
        PluginManager().register(*plugins).run([])


def test_discover(capsys):
    m = PluginManager().discover()
    assert [p.name for p in m.order()] == ["text", "validate", "notify"]
    assert m.run("  Hello \n World ") == "hello world"
    assert capsys.readouterr().out == "hello world\n"


def test_discover_elsewhere(tmp_path):
    (tmp_path / "a.py").write_text(
        "class A:\n    name = version = 'a'\n    def execute(self, p): return p * 2\n"
        "def setup(m): m.register(A())\n"
    )
    (tmp_path / "_b.py").write_text("1 / 0")
    assert PluginManager().discover(tmp_path).run(4) == 8


@pytest.mark.parametrize("code", ["1 / 0", "x = 1", "def f(:"])
def test_discover_broken(tmp_path, code):
    (tmp_path / "broken.py").write_text(code)
    with pytest.raises(PluginError, match="broken.py"):
        PluginManager().discover(tmp_path)


def test_configs():
    assert TextProcessorPlugin(TextConfig("upper", squeeze=False)).execute(" a") == " A"
    v = DataValidatorPlugin(ValidatorConfig(r"\d+"))
    assert v.execute("12") == "12"
    with pytest.raises(ValueError, match="x"):
        v.execute("x")
    sent = []
    assert NotificationPlugin(NotifyConfig(sent.append)).execute("hi") == "hi"
    assert sent == ["hi"]
