import json
from unittest.mock import call
from urllib.error import URLError

import pytest

from plugins import Plugin
from plugins.data_validator import (
    DataValidatorConfig,
    DataValidatorPlugin,
    ValidationError,
)
from plugins.notification import NotificationConfig, NotificationPlugin
from plugins.text_processor import TextProcessorConfig, TextProcessorPlugin


@pytest.mark.parametrize("cls", [TextProcessorPlugin, DataValidatorPlugin, NotificationPlugin])
def test_interface(cls):
    plugin = cls()
    assert isinstance(plugin, Plugin)
    assert isinstance(plugin.name, str)
    assert isinstance(plugin.version, str)


def test_abstract():
    with pytest.raises(TypeError):
        Plugin()


@pytest.mark.parametrize("missing", ["name", "version", "execute"])
def test_all_three_are_needed(missing):
    members = {"name": "x", "version": "1", "execute": lambda self, data: data}
    del members[missing]
    with pytest.raises(TypeError):
        type("Half", (Plugin,), members)()


@pytest.mark.parametrize(
    "uppercase,trim,expected",
    [
        (False, True, "Hi you"),
        (True, True, "HI YOU"),
        (False, False, " Hi you "),
        (True, False, " HI YOU "),
    ],
)
def test_text(uppercase, trim, expected):
    plugin = TextProcessorPlugin(TextProcessorConfig(uppercase, trim))
    data = {"text": " Hi you ", "other": 1}
    assert plugin.execute(data) == {"text": expected, "other": 1}
    assert data["text"] == " Hi you "


@pytest.mark.parametrize(
    "data,error",
    [
        ({"text": "x", "age": 1}, None),
        ({"text": "x"}, "age is missing"),
        ({"text": 5, "age": 1}, "text is not str"),
        ({"text": "x", "age": "1"}, "age is not int"),
        ({}, "text is missing"),
    ],
)
def test_validator(data, error):
    plugin = DataValidatorPlugin(DataValidatorConfig({"text": str, "age": int}))
    if error is None:
        assert plugin.execute(data) == data
    else:
        with pytest.raises(ValidationError, match=error):
            plugin.execute(data)


def test_default_rules():
    with pytest.raises(ValidationError):
        DataValidatorPlugin().execute({"text": None})


class TestNotification:
    def test_ok(self, web, sleep):
        plugin = NotificationPlugin(NotificationConfig(url="http://x.test/hook"))
        assert plugin.execute({"text": "hi"}) == {"text": "hi", "status": 200}
        request = web.call_args.args[0]
        assert request.full_url == "http://x.test/hook"
        assert request.get_method() == "POST"
        assert json.loads(request.data) == {"text": "hi"}
        sleep.assert_not_called()

    def test_retry(self, web, sleep, mocker_response):
        good = web.return_value
        web.side_effect = [URLError("no"), good]
        assert NotificationPlugin(NotificationConfig(wait=7)).execute({"text": "hi"})["status"] == 200
        assert sleep.call_args_list == [call(7)]

    @pytest.mark.parametrize("retries", [1, 2, 5])
    def test_fail(self, web, sleep, retries):
        web.side_effect = URLError("no")
        plugin = NotificationPlugin(NotificationConfig(retries=retries))
        assert plugin.execute({"text": "hi"})["status"] is None
        assert web.call_count == retries
        assert sleep.call_count == retries - 1

    def test_zero_retries(self, web):
        plugin = NotificationPlugin(NotificationConfig(retries=0))
        assert plugin.execute({"text": "hi"}) == {"text": "hi"}
        web.assert_not_called()
