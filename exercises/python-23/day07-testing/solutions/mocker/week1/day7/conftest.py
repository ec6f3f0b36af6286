"""Configurations and files for the tests of the validator."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from pytest_mock import MockerFixture

Write = Callable[[str, str], Path]

GOOD = {
    "name": "shop",
    "debug": False,
    "server": {"host": "localhost", "port": 8080, "tls": {"certificate": "shop.pem"}},
}


@pytest.fixture
def config() -> dict[str, Any]:
    """A configuration in which nothing is wrong, and which a test may spoil."""
    return deepcopy(GOOD)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def disk(mocker: MockerFixture) -> Any:
    """The disk, from which every file can be read that a test asks for."""
    return mocker.patch("config_validator.Path.read_text", autospec=True, return_value="{}")
