from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import MagicMock, patch

import pytest

from week1.day6.plugins import PluginBase, PluginManager

MakePlugin = Callable[..., PluginBase]


@pytest.fixture
def manager() -> PluginManager:
    return PluginManager()


@pytest.fixture
def events() -> list[str]:
    return []


@pytest.fixture
def make_plugin(events: list[str]) -> MakePlugin:
    """Factory of little plugins that write down what happens to them."""

    def _make(plugin_name: str, *needs: str) -> PluginBase:
        class Recorder(PluginBase):
            name = plugin_name
            requires = needs

            def activate(self) -> None:
                events.append(f"+{plugin_name}")

            def deactivate(self) -> None:
                events.append(f"-{plugin_name}")

            def execute(self, *args: Any, **kwargs: Any) -> Any:
                return plugin_name, args, kwargs

        return Recorder()

    return _make


@pytest.fixture
def smtp() -> Iterator[MagicMock]:
    """smtplib.SMTP; smtp.return_value is the connection."""
    with patch("smtplib.SMTP", autospec=True) as cls:
        yield cls
