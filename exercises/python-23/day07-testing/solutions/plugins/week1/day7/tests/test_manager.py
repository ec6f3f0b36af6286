"""The manager, with plugins made for the tests."""

import pkgutil
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock, patch

import pytest

from week1.day6.plugins import CircularDependencyError, MissingDependencyError, Plugin, PluginError, PluginManager

MakePlugin = Callable[..., Plugin]


def test_a_registered_plugin_is_found(manager: PluginManager, make_plugin: MakePlugin) -> None:
    first, second = make_plugin("first"), make_plugin("second")
    manager.register(second)
    manager.register(first)
    assert manager.get_plugin("first") is first
    assert manager.get_plugin("second") is second
    assert manager.list_plugins() == ["first", "second"]


def test_a_new_manager_is_empty(manager: PluginManager) -> None:
    assert manager.list_plugins() == []
    assert manager.resolve_dependencies() == []


def test_what_is_no_plugin_is_refused(manager: PluginManager) -> None:
    with pytest.raises(TypeError, match="is no plugin"):
        manager.register("plugin")  # type: ignore[arg-type]
    assert manager.list_plugins() == []


def test_a_name_can_be_taken_once(manager: PluginManager, make_plugin: MakePlugin) -> None:
    first = make_plugin("same")
    manager.register(first)
    with pytest.raises(PluginError, match="already"):
        manager.register(make_plugin("same"))
    assert manager.get_plugin("same") is first


@pytest.mark.parametrize("method", ["get_plugin", "unregister"])
def test_an_unknown_name_is_an_error(manager: PluginManager, method: str) -> None:
    with pytest.raises(PluginError, match="nobody is not registered"):
        getattr(manager, method)("nobody")


def test_unregistered_means_gone(manager: PluginManager, make_plugin: MakePlugin) -> None:
    manager.register(make_plugin("stays"))
    manager.register(make_plugin("goes"))
    manager.unregister("goes")
    assert manager.list_plugins() == ["stays"]


@pytest.mark.parametrize(
    ("needs", "expected"),
    [
        ({"a": [], "b": []}, ["a", "b"]),
        ({"a": ["b"], "b": []}, ["b", "a"]),
        ({"a": ["b"], "b": ["c"], "c": []}, ["c", "b", "a"]),
        ({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}, ["d", "b", "c", "a"]),
    ],
    ids=["free", "pair", "chain", "diamond"],
)
def test_what_is_needed_comes_first(
    manager: PluginManager, make_plugin: MakePlugin, needs: dict[str, list[str]], expected: list[str]
) -> None:
    for name, others in needs.items():
        manager.register(make_plugin(name, *others))
    assert manager.resolve_dependencies() == expected


def test_a_missing_need_is_named(manager: PluginManager, make_plugin: MakePlugin) -> None:
    manager.register(make_plugin("a", "ghost"))
    with pytest.raises(MissingDependencyError, match="a needs ghost"):
        manager.resolve_dependencies()


@pytest.mark.parametrize("needs", [{"a": ["a"]}, {"a": ["b"], "b": ["a"]}, {"a": ["b"], "b": ["c"], "c": ["a"]}])
def test_a_circle_is_an_error(manager: PluginManager, make_plugin: MakePlugin, needs: dict[str, list[str]]) -> None:
    for name, others in needs.items():
        manager.register(make_plugin(name, *others))
    with pytest.raises(CircularDependencyError):
        manager.resolve_dependencies()


def test_execute_hands_the_data_on(manager: PluginManager, make_plugin: MakePlugin) -> None:
    plugin = make_plugin("echo")
    manager.register(plugin)
    with patch.object(plugin, "execute", return_value="done") as execute:
        assert manager.execute("echo", {"x": 1}) == "done"
    execute.assert_called_once_with({"x": 1})


class TestLoading:
    """No module is really imported here: `importlib` is a mock."""

    @pytest.fixture
    def import_module(self) -> Any:
        with patch("week1.day6.plugins.manager.importlib.import_module") as import_module:
            yield import_module

    def module(self, name: str, **contents: Any) -> SimpleNamespace:
        for each in contents.values():
            if isinstance(each, type):
                each.__module__ = name
        return SimpleNamespace(__name__=name, **contents)

    def plugin_class(self, plugin_name: str) -> type[Plugin]:
        body = {"name": plugin_name, "version": "1", "execute": lambda self, data: data}
        return type("Loaded", (Plugin,), body)

    def test_plugins_of_a_module_are_registered(self, manager: PluginManager, import_module: MagicMock) -> None:
        import_module.return_value = self.module("extra", One=self.plugin_class("one"), other="no class")
        loaded = manager.load_plugin("extra")
        import_module.assert_called_once_with("extra")
        assert [plugin.name for plugin in loaded] == ["one"]
        assert manager.get_plugin("one") is loaded[0]

    def test_abstract_and_imported_classes_are_not(self, manager: PluginManager, import_module: MagicMock) -> None:
        elsewhere = self.plugin_class("elsewhere")
        elsewhere.__module__ = "elsewhere"
        module = SimpleNamespace(__name__="extra", Elsewhere=elsewhere, Plugin=Plugin, Number=int)
        import_module.return_value = module
        assert manager.load_plugin("extra") == []
        assert manager.list_plugins() == []

    def test_every_module_of_a_package_is_loaded(self, manager: PluginManager, import_module: MagicMock) -> None:
        package = SimpleNamespace(__path__=["/nowhere"])
        modules = {
            "pack": package,
            "pack.a": self.module("pack.a", A=self.plugin_class("a")),
            "pack.b": self.module("pack.b", B=self.plugin_class("b")),
        }
        import_module.side_effect = modules.__getitem__
        found = [SimpleNamespace(name="a"), SimpleNamespace(name="b")]
        with patch.object(pkgutil, "iter_modules", return_value=found) as iter_modules:
            loaded = manager.discover("pack")
        iter_modules.assert_called_once_with(["/nowhere"])
        assert [plugin.name for plugin in loaded] == ["a", "b"]
        assert manager.list_plugins() == ["a", "b"]
