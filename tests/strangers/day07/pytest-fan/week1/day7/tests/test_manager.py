from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock, patch

import pytest

from week1.day6.plugins import (
    DependencyError,
    PluginLoadError,
    PluginManager,
    RegistrationError,
)
from week1.day6.plugins.builtin.text import TextProcessorPlugin

from .conftest import MakePlugin


class TestRegister:
    def test_ok(self, manager: PluginManager, make_plugin: MakePlugin) -> None:
        plugin = make_plugin("a")
        manager.register(plugin)
        assert manager.get("a") is plugin
        assert manager.names() == ["a"]
        assert manager.execute("a", 1, x=2) == ("a", (1,), {"x": 2})

    @pytest.mark.parametrize("thing", [None, "text", TextProcessorPlugin, SimpleNamespace(name="x", version="1")])
    def test_refused(self, manager: PluginManager, thing: Any) -> None:
        with pytest.raises(RegistrationError, match="does not look like"):
            manager.register(thing)

    def test_duck(self, manager: PluginManager) -> None:
        duck = SimpleNamespace(name="duck", version="1", execute=lambda: "quack")
        manager.register(duck)
        with manager:
            assert manager.execute("duck") == "quack"

    def test_twice(self, manager: PluginManager, make_plugin: MakePlugin) -> None:
        manager.register(make_plugin("a"))
        with pytest.raises(RegistrationError, match="'a' is registered"):
            manager.register(make_plugin("a"))

    def test_unregister(self, manager: PluginManager, make_plugin: MakePlugin) -> None:
        manager.register(make_plugin("a"))
        manager.register(make_plugin("b", "a"))
        with pytest.raises(DependencyError, match="needed by b"):
            manager.unregister("a")
        manager.unregister("b")
        manager.unregister("a")
        assert manager.names() == []
        with pytest.raises(KeyError):
            manager.get("a")


class TestLoadOrder:
    @pytest.mark.parametrize(
        ("graph", "order"),
        [
            ({}, ""),
            ({"b": "", "a": ""}, "ab"),
            ({"a": "b", "b": "c", "c": ""}, "cba"),
            ({"d": "bc", "b": "a", "c": "a", "a": ""}, "abcd"),
            ({"a": "c", "b": "", "c": ""}, "bca"),
        ],
    )
    def test_order(
        self, manager: PluginManager, make_plugin: MakePlugin, graph: dict[str, str], order: str
    ) -> None:
        for name, needs in graph.items():
            manager.register(make_plugin(name, *needs))
        assert manager.load_order() == list(order)

    @pytest.mark.parametrize(
        ("graph", "message"),
        [
            ({"a": "a"}, "circular: a"),
            ({"a": "b", "b": "a", "c": ""}, "circular: a, b"),
            ({"a": "zy"}, "'a' requires unknown y, z"),
        ],
    )
    def test_impossible(
        self, manager: PluginManager, make_plugin: MakePlugin, graph: dict[str, str], message: str
    ) -> None:
        for name, needs in graph.items():
            manager.register(make_plugin(name, *needs))
        with pytest.raises(DependencyError, match=message):
            manager.start()


class TestLifeCycle:
    def test_order(self, manager: PluginManager, make_plugin: MakePlugin, events: list[str]) -> None:
        manager.register(make_plugin("b", "a"))
        manager.register(make_plugin("a"))
        with manager:
            manager.start()  # a second start does nothing
            assert events == ["+a", "+b"]
        manager.stop()
        assert events == ["+a", "+b", "-b", "-a"]

    def test_stops_after_an_error(
        self, manager: PluginManager, make_plugin: MakePlugin, events: list[str]
    ) -> None:
        manager.register(make_plugin("a"))
        with pytest.raises(ZeroDivisionError), manager:
            _ = 1 / 0
        assert events == ["+a", "-a"]


class TestLoad:
    def test_ok(self, manager: PluginManager) -> None:
        plugin = manager.load("week1.day6.plugins.builtin.text:TextProcessorPlugin")
        assert manager.get("text") is plugin

    @pytest.mark.parametrize(
        "target", ["week1.day6.plugins", "no.such.module:X", "week1.day6.plugins.builtin.text:Nope"]
    )
    def test_fails(self, manager: PluginManager, target: str) -> None:
        with pytest.raises(PluginLoadError):
            manager.load(target)

    def test_discover(self, manager: PluginManager) -> None:
        assert sorted(manager.discover()) == ["notification", "text", "validator"]

    def test_import_is_mockable(self, manager: PluginManager, make_plugin: MakePlugin) -> None:
        module = SimpleNamespace(Fake=lambda: make_plugin("fake"))
        with patch("importlib.import_module", return_value=module) as import_module:
            manager.load("somewhere:Fake")
        import_module.assert_called_once_with("somewhere")
        assert manager.names() == ["fake"]


class TestEntryPoints:
    @pytest.fixture
    def installed(self, monkeypatch: pytest.MonkeyPatch) -> Mock:
        entries = Mock(return_value=[])
        monkeypatch.setattr("week1.day6.plugins.manager.entry_points", entries)
        return entries

    def test_none(self, manager: PluginManager, installed: Mock) -> None:
        assert manager.discover_installed() == []
        installed.assert_called_once_with(group="mastery.plugins")

    def test_one(self, manager: PluginManager, installed: Mock, make_plugin: MakePlugin) -> None:
        entry = Mock()
        entry.load.return_value.return_value = make_plugin("foreign")
        installed.return_value = [entry]
        assert manager.discover_installed() == ["foreign"]
        assert manager.names() == ["foreign"]

    def test_broken(self, manager: PluginManager, installed: Mock) -> None:
        entry = Mock()
        entry.name = "bad"
        entry.load.side_effect = ImportError("nope")
        installed.return_value = [entry]
        with pytest.raises(PluginLoadError, match="entry point 'bad' failed: nope"):
            manager.discover_installed()
