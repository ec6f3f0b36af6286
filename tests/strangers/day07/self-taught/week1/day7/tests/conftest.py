from unittest.mock import MagicMock

import pytest

from plugins import Plugin, PluginManager


@pytest.fixture
def manager():
    return PluginManager()


@pytest.fixture
def full_manager(manager):
    manager.discover()
    return manager


@pytest.fixture
def fake():
    """fake("a", "b") makes a plugin a which needs b"""

    def make(plugin_name, *needs):
        class FakePlugin(Plugin):
            name = plugin_name
            version = "0"
            dependencies = needs

            def execute(self, data):
                return {**data, "path": data.get("path", "") + plugin_name}

        return FakePlugin()

    return make


@pytest.fixture
def web(mocker_response, monkeypatch):
    """replaces urlopen, so that nothing is really sent"""
    opener = MagicMock()
    opener.return_value.__enter__.return_value = mocker_response
    monkeypatch.setattr("urllib.request.urlopen", opener)
    return opener


@pytest.fixture
def mocker_response():
    response = MagicMock()
    response.status = 200
    return response


@pytest.fixture(autouse=True)
def sleep(monkeypatch):
    """no test should wait"""
    mock = MagicMock()
    monkeypatch.setattr("time.sleep", mock)
    return mock
