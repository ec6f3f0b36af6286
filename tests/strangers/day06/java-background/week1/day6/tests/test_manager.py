import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from plugins import (
    CircularDependencyError,
    DuplicatePluginError,
    InvalidPluginError,
    MissingDependencyError,
    Plugin,
    PluginLoadError,
    PluginManager,
    PluginNotFoundError,
)


class Fake(Plugin):
    def __init__(self, name: str, *needs: str) -> None:
        self._name = name
        self._needs = needs

    @property
    def name(self) -> str:
        return self._name

    @property
    def version(self) -> str:
        return "0"

    @property
    def dependencies(self) -> tuple[str, ...]:
        return self._needs

    def execute(self, data: Any = None) -> Any:
        return (self._name, data)


@pytest.fixture
def manager() -> PluginManager:
    return PluginManager()


def names(plugins: list[Plugin]) -> list[str]:
    return [p.name for p in plugins]


class TestRegistration:
    def test_register_and_get(self, manager: PluginManager) -> None:
        plugin = Fake("a")
        manager.register(plugin)
        assert manager.get("a") is plugin
        assert "a" in manager
        assert len(manager) == 1
        assert list(manager) == [plugin]

    def test_duplicate(self, manager: PluginManager) -> None:
        manager.register(Fake("a"))
        with pytest.raises(DuplicatePluginError):
            manager.register(Fake("a"))

    def test_not_a_plugin(self, manager: PluginManager) -> None:
        with pytest.raises(InvalidPluginError):
            manager.register("a")  # type: ignore[arg-type]

    def test_unregister(self, manager: PluginManager) -> None:
        manager.register(Fake("a"))
        manager.unregister("a")
        with pytest.raises(PluginNotFoundError):
            manager.get("a")


class TestDiscovery:
    def test_builtin(self, manager: PluginManager) -> None:
        manager.discover("plugins.builtin")
        assert sorted(manager.get_names()) == ["data_validator", "notification", "text_processor"]

    def test_unknown_module(self, manager: PluginManager) -> None:
        with pytest.raises(PluginLoadError):
            manager.load_module("no_such_module_at_all")
        with pytest.raises(PluginLoadError):
            manager.discover("no_such_package_at_all")

    def test_module_on_disk(
        self, manager: PluginManager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "third_party_java.py").write_text(
            "from plugins import Plugin\n"
            "class Third(Plugin):\n"
            "    name = 'third'\n"
            "    version = '3'\n"
            "    def execute(self, data=None):\n"
            "        return 3\n"
        )
        monkeypatch.syspath_prepend(str(tmp_path))
        assert names(manager.load_module("third_party_java")) == ["third"]
        assert manager.execute("third") == 3


class TestDependencies:
    def test_chain(self, manager: PluginManager) -> None:
        for plugin in (Fake("c", "b"), Fake("b", "a"), Fake("a")):
            manager.register(plugin)
        assert names(manager.resolve_order()) == ["a", "b", "c"]

    def test_diamond(self, manager: PluginManager) -> None:
        for plugin in (Fake("d", "b", "c"), Fake("c", "a"), Fake("b", "a"), Fake("a")):
            manager.register(plugin)
        order = names(manager.resolve_order())
        assert order[0] == "a"
        assert order[-1] == "d"
        assert len(order) == 4

    def test_missing(self, manager: PluginManager) -> None:
        manager.register(Fake("a", "zzz"))
        with pytest.raises(MissingDependencyError) as info:
            manager.resolve_order()
        assert (info.value.plugin, info.value.dependency) == ("a", "zzz")

    def test_cycle(self, manager: PluginManager) -> None:
        for plugin in (Fake("x", "a"), Fake("a", "b"), Fake("b", "a")):
            manager.register(plugin)
        with pytest.raises(CircularDependencyError) as info:
            manager.resolve_order()
        assert info.value.cycle == ["a", "b", "a"]

    def test_self_cycle(self, manager: PluginManager) -> None:
        manager.register(Fake("a", "a"))
        with pytest.raises(CircularDependencyError):
            manager.resolve_order()


class TestExecution:
    def test_one(self, manager: PluginManager) -> None:
        manager.register(Fake("a"))
        assert manager.execute("a", 5) == ("a", 5)

    def test_unknown(self, manager: PluginManager) -> None:
        with pytest.raises(PluginNotFoundError):
            manager.execute("a")

    def test_all_in_order(self, manager: PluginManager) -> None:
        manager.register(Fake("b", "a"))
        manager.register(Fake("a"))
        assert list(manager.execute_all(1)) == ["a", "b"]
