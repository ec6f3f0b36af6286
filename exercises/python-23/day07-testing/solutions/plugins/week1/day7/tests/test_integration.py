"""Manager and real plugins together."""

import pytest

from week1.day6.plugins import (
    DataValidatorPlugin,
    MissingDependencyError,
    NotificationPlugin,
    PluginManager,
    TextProcessorPlugin,
)

pytestmark = pytest.mark.integration

PACKAGE = "week1.day6.plugins"


def test_the_package_is_discovered(manager: PluginManager) -> None:
    assert len(manager.discover(PACKAGE)) == 3
    assert manager.list_plugins() == ["data_validator", "notification", "text_processor"]


def test_what_is_registered_first_may_need_what_comes_later(full_manager: PluginManager) -> None:
    assert full_manager.resolve_dependencies() == ["text_processor", "notification"]


def test_without_the_text_processor_there_is_no_notification(full_manager: PluginManager) -> None:
    full_manager.unregister("text_processor")
    with pytest.raises(MissingDependencyError):
        full_manager.resolve_dependencies()


def test_a_text_goes_through_all_of_them() -> None:
    manager, notification = PluginManager(), NotificationPlugin()
    for plugin in (TextProcessorPlugin(), DataValidatorPlugin(), notification):
        manager.register(plugin)
    name = manager.execute("text_processor", "  Ann   Lee ")
    checked = manager.execute("data_validator", {"name": name, "email": "ann@example.org"})
    assert checked["valid"] is True
    assert manager.execute("notification", f"welcome, {name}") == "[console] welcome, Ann Lee"
    assert notification.sent == ["[console] welcome, Ann Lee"]
