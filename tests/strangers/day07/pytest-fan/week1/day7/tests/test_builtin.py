from __future__ import annotations

import smtplib
from typing import Any
from unittest.mock import MagicMock

import pytest

from week1.day6.plugins import NotificationError
from week1.day6.plugins.builtin.notification import (
    NotificationConfig,
    NotificationPlugin,
)
from week1.day6.plugins.builtin.text import TextConfig, TextProcessorPlugin
from week1.day6.plugins.builtin.validator import DataValidatorPlugin, ValidatorConfig


@pytest.mark.parametrize(
    ("config", "args", "expected"),
    [
        (TextConfig(), ("  a   b ",), "a b"),
        (TextConfig(), ("a", 1), "a 1"),
        (TextConfig(), (), ""),
        (TextConfig(collapse=False), (" a  b",), " a  b"),
        (TextConfig(("darn",)), ("Darn, darned darn",), "****, darned ****"),
        (TextConfig(("a.c",)), ("abc a.c",), "abc ***"),
    ],
)
def test_text(config: TextConfig, args: tuple[Any, ...], expected: str) -> None:
    assert TextProcessorPlugin(config).execute(*args) == expected


@pytest.mark.parametrize(
    ("message", "problems"),
    [
        ({"to": "a@b", "body": "x"}, []),
        ({"to": "a@b", "body": "x" * 10}, []),
        ({"to": "a@b", "body": "x" * 11}, ["body too long"]),
        ({"to": "a@b", "body": ""}, ["empty body"]),
        ({"to": "ab", "body": "x"}, ["bad address"]),
        ({}, ["empty body", "bad address"]),
    ],
)
def test_validator(message: dict[str, str], problems: list[str]) -> None:
    assert DataValidatorPlugin(ValidatorConfig(max_length=10)).execute(message) == problems


def test_validator_without_address() -> None:
    assert DataValidatorPlugin(ValidatorConfig(require_address=False)).execute({"body": "x"}) == []


@pytest.mark.mail
class TestNotification:
    MESSAGE = {"to": "a@b.c", "body": "hello", "subject": "hi"}  # noqa: RUF012

    @pytest.fixture
    def plugin(self, smtp: MagicMock) -> NotificationPlugin:
        plugin = NotificationPlugin(NotificationConfig("mail.example", 2525, attempts=3))
        plugin.activate()
        return plugin

    def test_connects_and_quits(self, plugin: NotificationPlugin, smtp: MagicMock) -> None:
        smtp.assert_called_once_with("mail.example", 2525)
        plugin.deactivate()
        plugin.deactivate()
        smtp.return_value.quit.assert_called_once_with()

    def test_sends(self, plugin: NotificationPlugin, smtp: MagicMock) -> None:
        assert plugin.execute(self.MESSAGE) == 1
        (mail,) = smtp.return_value.send_message.call_args.args
        assert mail["From"] == "noreply@example.org"
        assert mail["To"] == "a@b.c"
        assert mail["Subject"] == "hi"
        assert mail.get_content() == "hello\n"

    def test_default_subject(self, plugin: NotificationPlugin, smtp: MagicMock) -> None:
        plugin.execute({"to": "a@b.c", "body": "x"})
        assert smtp.return_value.send_message.call_args.args[0]["Subject"] == "Notification"

    def test_tries_again(self, plugin: NotificationPlugin, smtp: MagicMock) -> None:
        smtp.return_value.send_message.side_effect = [smtplib.SMTPServerDisconnected("x"), {}]
        assert plugin.execute(self.MESSAGE) == 2

    def test_gives_up(self, plugin: NotificationPlugin, smtp: MagicMock) -> None:
        smtp.return_value.send_message.side_effect = smtplib.SMTPServerDisconnected("x")
        with pytest.raises(NotificationError, match="3 attempts") as info:
            plugin.execute(self.MESSAGE)
        assert isinstance(info.value.__cause__, smtplib.SMTPException)
        assert smtp.return_value.send_message.call_count == 3

    def test_not_active(self) -> None:
        with pytest.raises(NotificationError, match="not active"):
            NotificationPlugin().execute(self.MESSAGE)
