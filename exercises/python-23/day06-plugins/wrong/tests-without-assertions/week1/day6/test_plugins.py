"""Tests of the plugins and their manager."""

from plugins import DataValidatorPlugin, NotificationPlugin, PluginManager, TextProcessorPlugin


def test_text() -> None:
    TextProcessorPlugin().execute(" a   b ")


def test_data() -> None:
    DataValidatorPlugin().execute({"name": "Ada"})


def test_notification() -> None:
    NotificationPlugin().execute("hello")


def test_manager() -> None:
    PluginManager().discover("plugins")
