"""Tests of the plugins and their manager."""

from typing import Any

import pytest
from plugins import (
    CircularDependencyError,
    DataValidatorPlugin,
    MissingDependencyError,
    NotificationPlugin,
    Plugin,
    PluginError,
    PluginManager,
    TextProcessorConfig,
    TextProcessorPlugin,
)


class Needy(Plugin):
    def __init__(self, name: str, needs: list[str]) -> None:
        super().__init__()
        self._name = name
        self._needs = needs

    @property
    def name(self) -> str:
        return self._name

    @property
    def version(self) -> str:
        return "0.1.0"

    @property
    def dependencies(self) -> list[str]:
        return self._needs

    def execute(self, data: Any) -> Any:
        return data


@pytest.mark.parametrize("cls", [TextProcessorPlugin, DataValidatorPlugin, NotificationPlugin])
def test_each_plugin_has_the_interface(cls: type[Plugin]) -> None:
    plugin = cls()
    assert isinstance(plugin, Plugin)
    assert plugin.name
    assert plugin.version == "1.0.0"
    assert callable(plugin.execute)


def test_a_plugin_without_execute_cannot_be_made() -> None:
    class Half(Plugin):
        name = "half"
        version = "1"

    with pytest.raises(TypeError):
        Half()  # type: ignore[abstract]


def test_text_is_tidied() -> None:
    assert TextProcessorPlugin().execute(" a   b ") == "a b"
    assert TextProcessorPlugin(TextProcessorConfig(uppercase=True)).execute("a b") == "A B"


def test_data_is_validated() -> None:
    assert DataValidatorPlugin().execute({"name": "Ada", "email": "ada@example.com"})["valid"]
    assert not DataValidatorPlugin().execute({"name": "Ada"})["valid"]


def test_a_notification_is_kept() -> None:
    plugin = NotificationPlugin()
    plugin.execute("hello")
    assert plugin.sent == ["[console] hello"]


def test_plugins_are_registered() -> None:
    manager = PluginManager()
    manager.register(TextProcessorPlugin())
    assert manager.list_plugins() == ["text_processor"]
    assert manager.execute("text_processor", "a  b") == "a b"
    with pytest.raises(PluginError):
        manager.get_plugin("other")


def test_cycles_and_missing_plugins_are_refused() -> None:
    manager = PluginManager()
    manager.register(Needy("a", ["b"]))
    with pytest.raises(MissingDependencyError):
        manager.resolve_dependencies()
    manager.register(Needy("b", ["a"]))
    with pytest.raises(CircularDependencyError):
        manager.resolve_dependencies()
