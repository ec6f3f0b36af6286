"""The three plugins, each alone."""

from typing import Any

import pytest

from week1.day6.plugins import (
    DataValidatorPlugin,
    NotificationConfig,
    NotificationPlugin,
    Plugin,
    PluginConfig,
    TextProcessorConfig,
    TextProcessorPlugin,
    ValidatorConfig,
)

BUILTIN = [
    pytest.param(TextProcessorPlugin, "text_processor", [], id="text"),
    pytest.param(DataValidatorPlugin, "data_validator", [], id="data"),
    pytest.param(NotificationPlugin, "notification", ["text_processor"], id="notification"),
]


@pytest.mark.parametrize(("cls", "name", "dependencies"), BUILTIN)
def test_every_plugin_says_who_it_is(cls: type[Any], name: str, dependencies: list[str]) -> None:
    plugin = cls()
    assert isinstance(plugin, Plugin)
    assert (plugin.name, plugin.version, plugin.dependencies) == (name, "1.0.0", dependencies)
    assert plugin.config.enabled is True


def test_the_interface_cannot_be_used_alone() -> None:
    with pytest.raises(TypeError, match="abstract"):
        Plugin()  # type: ignore[abstract]


def test_a_plugin_without_a_config_gets_the_usual_one(make_plugin: Any) -> None:
    assert make_plugin("p").config == PluginConfig(enabled=True)


def test_a_config_that_is_given_is_kept() -> None:
    for cls, config in [
        (TextProcessorPlugin, TextProcessorConfig(enabled=False)),
        (DataValidatorPlugin, ValidatorConfig(required=[])),
        (NotificationPlugin, NotificationConfig(channel="mail")),
    ]:
        assert cls(config).config is config


@pytest.mark.parametrize(
    ("config", "text", "expected"),
    [
        (None, "  much   too  wide ", "much too wide"),
        (None, "Mixed Case", "Mixed Case"),
        (None, 42, "42"),
        (TextProcessorConfig(collapse_spaces=False), " as  it was ", " as  it was "),
        (TextProcessorConfig(uppercase=True), "loud  one", "LOUD ONE"),
        (TextProcessorConfig(uppercase=True, collapse_spaces=False), "a  b", "A  B"),
    ],
)
def test_texts(config: TextProcessorConfig | None, text: Any, expected: str) -> None:
    assert TextProcessorPlugin(config).execute(text) == expected


@pytest.mark.parametrize(
    ("record", "errors"),
    [
        ({"name": "Ann", "email": "ann@example.org"}, []),
        ({"name": "Ann"}, ["email is missing"]),
        ({"name": "", "email": "x"}, ["name is missing"]),
        ({}, ["name is missing", "email is missing"]),
        (["name", "email"], ["the data is no dict"]),
        (None, ["the data is no dict"]),
    ],
)
def test_records(record: Any, errors: list[str]) -> None:
    assert DataValidatorPlugin().execute(record) == {"valid": not errors, "errors": errors}


def test_what_is_required_can_be_set() -> None:
    validator = DataValidatorPlugin(ValidatorConfig(required=["id"]))
    assert validator.execute({"id": 1}) == {"valid": True, "errors": []}
    assert validator.execute({"name": "Ann", "email": "x"})["errors"] == ["id is missing"]


def test_messages_are_kept_in_order() -> None:
    plugin = NotificationPlugin()
    assert plugin.execute("first") == "[console] first"
    plugin.execute("second")
    assert plugin.sent == ["[console] first", "[console] second"]


def test_the_channel_can_be_set() -> None:
    assert NotificationPlugin(NotificationConfig(channel="mail")).execute("x") == "[mail] x"
