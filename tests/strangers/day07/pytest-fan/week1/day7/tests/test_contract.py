"""Every plugin has to pass these, whoever wrote it."""

from __future__ import annotations

import re

import pytest

from week1.day6.plugins import Plugin, PluginBase
from week1.day6.plugins.builtin.notification import NotificationPlugin
from week1.day6.plugins.builtin.text import TextProcessorPlugin
from week1.day6.plugins.builtin.validator import DataValidatorPlugin


@pytest.fixture(params=[TextProcessorPlugin, DataValidatorPlugin, NotificationPlugin], ids=lambda c: c.__name__)
def plugin(request: pytest.FixtureRequest) -> PluginBase:
    return request.param()


def test_is_a_plugin(plugin: PluginBase) -> None:
    assert isinstance(plugin, Plugin)


def test_name(plugin: PluginBase) -> None:
    assert re.fullmatch(r"[a-z_]+", plugin.name)


def test_version(plugin: PluginBase) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", plugin.version)


def test_does_not_require_itself(plugin: PluginBase) -> None:
    assert plugin.name not in plugin.requires


def test_deactivate_without_activate(plugin: PluginBase) -> None:
    plugin.deactivate()


def test_base_is_abstract() -> None:
    with pytest.raises(TypeError):
        PluginBase()  # type: ignore[abstract]
