from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from .. import plugins as framework
from ..plugins import (
    DependencyCycle,
    DiscoveryError,
    PluginManager,
    RegistrationError,
    UnsatisfiedRequirement,
    contrib,
)


@dataclass(frozen=True)
class Stub:
    name: str
    requires: tuple[str, ...] = ()
    version: str = "1.0"

    def execute(self, data: object, /) -> tuple[str, object]:
        return self.name, data


def order(manager: PluginManager, *wanted: str) -> list[str]:
    return [plugin.name for plugin in manager.resolve(*wanted)]


def test_register() -> None:
    manager = PluginManager([Stub("a")])
    assert manager.register(Stub("b")) == Stub("b")
    assert "a" in manager
    assert len(manager) == 2
    assert list(manager.plugins) == ["a", "b"]


@pytest.mark.parametrize("thing", [None, 5, object(), Stub])
def test_register_refuses(thing: object) -> None:
    with pytest.raises(RegistrationError):
        PluginManager().register(thing)  # type: ignore[arg-type]


def test_duplicates() -> None:
    manager = PluginManager([Stub("a")])
    with pytest.raises(RegistrationError, match="taken"):
        manager.register(Stub("a"))
    manager.register(Stub("a", version="2"), replace=True)
    assert manager["a"].version == "2"


def test_unknown() -> None:
    with pytest.raises(KeyError, match="known: a"):
        PluginManager([Stub("a")])["b"]


def test_discover_by_module_and_by_name() -> None:
    for package in (contrib, contrib.__name__):
        manager = PluginManager()
        assert set(manager.discover(package)) == {"notify", "text", "validation"}
        assert order(manager) == ["text", "validation", "notify"]


def test_discover_problems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "broken_contrib"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "oops.py").write_text("import nothing_of_the_kind")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(DiscoveryError, match="oops"):
        PluginManager().discover("broken_contrib")
    with pytest.raises(DiscoveryError):
        PluginManager().discover("missing_contrib")
    with pytest.raises(DiscoveryError, match="not a package"):
        PluginManager().discover(framework.registry)  # type: ignore[attr-defined]


def test_order_is_deterministic() -> None:
    stubs = [Stub("c", ("a",)), Stub("b", ("a",)), Stub("a"), Stub("d", ("c", "b"))]
    assert order(PluginManager(stubs)) == order(PluginManager(stubs[::-1])) == ["a", "b", "c", "d"]


def test_only_what_is_wanted() -> None:
    manager = PluginManager([Stub("a"), Stub("b", ("a",)), Stub("c"), Stub("x", ("gone",))])
    assert order(manager, "b") == ["a", "b"]


def test_missing() -> None:
    manager = PluginManager([Stub("a", ("b",))])
    with pytest.raises(UnsatisfiedRequirement, match="a requires b: not registered"):
        manager.resolve()
    with pytest.raises(UnsatisfiedRequirement):
        manager.run("a", None)


def test_too_old() -> None:
    manager = PluginManager([Stub("a", ("b>=2",)), Stub("b", version="1.9")])
    with pytest.raises(UnsatisfiedRequirement, match="found 1.9"):
        manager.resolve()


@pytest.mark.parametrize(
    ("stubs", "members"),
    [
        ([Stub("a", ("a",))], {"a"}),
        ([Stub("a", ("b",)), Stub("b", ("c",)), Stub("c", ("a",)), Stub("d")], {"a", "b", "c"}),
    ],
)
def test_cycle(stubs: list[Stub], members: set[str]) -> None:
    with pytest.raises(DependencyCycle) as info:
        PluginManager(stubs).resolve()
    assert info.value.members == members


def test_run() -> None:
    assert PluginManager([Stub("a"), Stub("b", ("a",))]).run("b", 1) == ("b", 1)
