from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import MagicMock

import pytest

from week1.day6.plugins import PluginManager

pytestmark = [pytest.mark.integration, pytest.mark.mail]


@pytest.fixture
def running(manager: PluginManager, smtp: MagicMock) -> Iterator[PluginManager]:
    manager.discover()
    with manager:
        yield manager


def test_order(running: PluginManager) -> None:
    assert running.load_order() == ["text", "validator", "notification"]


def send(manager: PluginManager, to: str, body: str) -> list[str]:
    message = {"to": to, "body": manager.execute("text", body)}
    problems: list[str] = manager.execute("validator", message)
    if not problems:
        manager.execute("notification", message)
    return problems


def test_good_message_is_sent(running: PluginManager, smtp: MagicMock) -> None:
    assert send(running, "a@b.c", "  hello\n world ") == []
    (mail,) = smtp.return_value.send_message.call_args.args
    assert mail.get_content() == "hello world\n"


@pytest.mark.parametrize(("to", "body"), [("nobody", "x"), ("a@b.c", "   "), ("a@b.c", "x" * 141)])
def test_bad_message_is_not_sent(running: PluginManager, smtp: MagicMock, to: str, body: str) -> None:
    assert send(running, to, body)
    smtp.return_value.send_message.assert_not_called()


def test_connection_is_closed(manager: PluginManager, smtp: MagicMock) -> None:
    manager.discover()
    with manager:
        smtp.return_value.quit.assert_not_called()
    smtp.return_value.quit.assert_called_once_with()


def test_server_down(manager: PluginManager, smtp: MagicMock) -> None:
    smtp.side_effect = ConnectionRefusedError
    manager.discover()
    with pytest.raises(ConnectionRefusedError):
        manager.start()
    manager.stop()
