from __future__ import annotations

import pytest

from ..plugins import Plugin, Requirement, Version
from ..plugins.contrib.notify import NotificationConfig, NotificationPlugin
from ..plugins.contrib.text import TextConfig, TextProcessorPlugin
from ..plugins.contrib.validation import DataValidatorPlugin, ValidatorConfig


@pytest.mark.parametrize("cls", [TextProcessorPlugin, DataValidatorPlugin, NotificationPlugin])
def test_shipped_plugins_follow_the_protocol(cls: type) -> None:
    plugin = cls()
    assert isinstance(plugin, Plugin)
    assert Version.parse(plugin.version) > Version(0)


def test_duck_typing() -> None:
    class Duck:
        name = "duck"
        version = "1"

        def execute(self, data: str, /) -> str:
            return data

    class Goose:
        name = "goose"

    assert isinstance(Duck(), Plugin)
    assert not isinstance(Goose(), Plugin)


def test_static_conformance() -> None:
    text: Plugin[str, list[str]] = TextProcessorPlugin()
    assert text.execute("a b") == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "expected"), [("1", "1.0.0"), ("1.2", "1.2.0"), ("1.2.3", "1.2.3"), ("10.0", "10.0.0")]
)
def test_version(text: str, expected: str) -> None:
    assert str(Version.parse(text)) == expected


@pytest.mark.parametrize("text", ["", "a", "1.", "1.2.3.4", "-1"])
def test_bad_version(text: str) -> None:
    with pytest.raises(ValueError, match="not a version"):
        Version.parse(text)


def test_requirement() -> None:
    requirement = Requirement.parse("text >= 1.9")
    assert str(requirement) == "text>=1.9.0"
    assert requirement.allows("1.10")
    assert not requirement.allows("1.8.9")
    assert str(Requirement.parse("text")) == "text"


def test_text() -> None:
    plugin = TextProcessorPlugin(TextConfig(normal_form="NFKC", casefold=True, max_words=2))
    assert plugin.execute("  The \N{LATIN SMALL LIGATURE FI}sh Market") == ["the", "fish"]


def test_validation() -> None:
    plugin = DataValidatorPlugin(
        ValidatorConfig(rules={"age": lambda v: v >= 0, "name": bool}, allow_unknown=False)
    )
    assert plugin.execute({"age": 3, "name": "x"}) == {}
    assert plugin.execute({"age": -1, "x": 1}) == {
        "age": "invalid value -1",
        "name": "missing",
        "x": "unknown field",
    }


def test_notify(capsys: pytest.CaptureFixture[str]) -> None:
    sent: list[str] = []
    config = NotificationConfig(recipients=("a", "b"))
    assert NotificationPlugin(config, transport=sent.append).execute("hi") == 2
    assert sent == ["a: hi", "b: hi"]
    assert NotificationPlugin().execute("yo") == 1
    assert capsys.readouterr().out == "ops: yo\n"
