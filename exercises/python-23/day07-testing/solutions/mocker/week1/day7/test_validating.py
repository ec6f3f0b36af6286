"""`validate` alone, and together with the reading of files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from config_validator import (
    SERVER_SCHEMA,
    ConfigFileError,
    MissingFieldError,
    ValidationError,
    WrongTypeError,
    validate,
    validate_file,
)
from pytest_mock import MockerFixture

WRONG_TYPES = [
    (["name"], 5, "name: expected str, found int (5)"),
    (["debug"], 0, "debug: expected bool, found int (0)"),
    (["server"], "x", "server: expected dict, found str ('x')"),
    (["server", "port"], "80", "server.port: expected int, found str ('80')"),
    (["server", "port"], True, "server.port: expected int, found bool (True)"),
    (["server", "port"], 1.5, "server.port: expected int, found float (1.5)"),
    (["server", "tls"], None, "server.tls: expected dict, found NoneType (None)"),
    (["server", "tls", "certificate"], [], "server.tls.certificate: expected str, found list ([])"),
]
FIELDS = [
    ["name"],
    ["debug"],
    ["server"],
    ["server", "host"],
    ["server", "tls"],
    ["server", "tls", "certificate"],
]


def section_of(config: dict[str, Any], field: list[str]) -> dict[str, Any]:
    for name in field[:-1]:
        config = config[name]
    return config


def test_nothing_is_wrong(config: dict[str, Any]) -> None:
    before = json.dumps(config)
    validate(config, SERVER_SCHEMA)
    assert json.dumps(config) == before


@pytest.mark.parametrize("value", [True, False])
def test_switches(config: dict[str, Any], value: bool) -> None:
    config["debug"] = value
    validate(config, SERVER_SCHEMA)
    assert config["debug"] is value


@pytest.mark.parametrize(("field", "value", "message"), WRONG_TYPES)
def test_wrong_types(config: dict[str, Any], field: list[str], value: object, message: str) -> None:
    section_of(config, field)[field[-1]] = value
    with pytest.raises(WrongTypeError) as caught:
        validate(config, SERVER_SCHEMA)
    assert str(caught.value) == message
    assert caught.value.path == ".".join(field)


@pytest.mark.parametrize("field", FIELDS, ids=".".join)
def test_missing_fields(config: dict[str, Any], field: list[str]) -> None:
    del section_of(config, field)[field[-1]]
    with pytest.raises(MissingFieldError) as caught:
        validate(config, SERVER_SCHEMA)
    assert caught.value.path == ".".join(field)
    assert str(caught.value) == f"{'.'.join(field)}: this field is required, and missing"


def test_more_than_the_schema_knows_is_fine(config: dict[str, Any]) -> None:
    config["server"]["extra"] = 1
    validate(config, SERVER_SCHEMA)
    with pytest.raises(ValidationError):
        validate({"extra": 1}, SERVER_SCHEMA)


def test_reading_and_validating(config: dict[str, Any], write: Callable[[str, str], Path]) -> None:
    assert validate_file(write("c.json", json.dumps(config)), SERVER_SCHEMA) == config


@pytest.mark.parametrize(
    ("text", "error"), [("{", ConfigFileError), ("{}", MissingFieldError), ('{"name": 1}', WrongTypeError)]
)
def test_errors_of_both_come_through(write: Callable[[str, str], Path], text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        validate_file(write("c.json", text), SERVER_SCHEMA)


def test_what_was_read_is_what_is_validated(mocker: MockerFixture) -> None:
    load = mocker.patch("config_validator.load_config", return_value={"a": 1})
    assert validate_file("c.json", {"a": int}) == {"a": 1}
    load.assert_called_once_with("c.json")
