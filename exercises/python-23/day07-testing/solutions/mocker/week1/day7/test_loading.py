"""`load_config`: what is read, and what is said when that is not possible."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from config_validator import ConfigError, ConfigFileError, load_config
from pytest_mock import MockerFixture

JSON_AND_YAML = [
    pytest.param("c.json", '{"a": [1, 2]}', {"a": [1, 2]}, id="json"),
    pytest.param("c.yaml", "a: [1, 2]", {"a": [1, 2]}, id="yaml"),
    pytest.param("c.yml", "a:\n  b: true\n", {"a": {"b": True}}, id="yml"),
    pytest.param("c.json", '{"ä": "ö"}', {"ä": "ö"}, id="umlauts"),
]


@pytest.mark.files
@pytest.mark.parametrize(("name", "text", "expected"), JSON_AND_YAML)
def test_files_are_read(write: Callable[[str, str], Path], name: str, text: str, expected: object) -> None:
    path = write(name, text)
    assert load_config(path) == expected
    assert load_config(str(path)) == expected


def test_the_file_is_read_as_utf8(disk: Any) -> None:
    assert load_config("some/c.json") == {}
    disk.assert_called_once_with(Path("some/c.json"), encoding="utf-8")


def test_yaml_is_not_parsed_as_json(disk: Any, mocker: MockerFixture) -> None:
    loads = mocker.spy(yaml, "safe_load")
    load_config("c.yaml")
    loads.assert_called_once_with("{}")
    load_config("c.json")
    assert loads.call_count == 1


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (FileNotFoundError(2, "No such file or directory"), "c.json: No such file or directory"),
        (PermissionError(13, "Permission denied"), "c.json: Permission denied"),
    ],
)
def test_what_the_disk_says_is_handed_on(disk: Any, error: OSError, message: str) -> None:
    disk.side_effect = error
    with pytest.raises(ConfigFileError) as caught:
        load_config("c.json")
    assert str(caught.value) == message
    assert caught.value.__cause__ is error
    assert isinstance(caught.value, ConfigError)


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [("c.json", '{\n "a": 1,\n}', 3), ("c.json", "", 1), ("c.yaml", "a: 1\nb: [", 2), ("c.yaml", "a: b: c", 1)],
)
def test_broken_files_name_the_line(disk: Any, name: str, text: str, line: int) -> None:
    disk.return_value = text
    with pytest.raises(ConfigFileError, match=rf"^{name}, line {line}: \w+"):
        load_config(name)


def test_an_error_without_a_place(disk: Any, mocker: MockerFixture) -> None:
    mocker.patch("config_validator.yaml.safe_load", side_effect=yaml.MarkedYAMLError(problem="odd"))
    with pytest.raises(ConfigFileError, match=r"^c\.yml, line \?: odd$"):
        load_config("c.yml")


@pytest.mark.parametrize(("name", "text"), [("c.json", "[1]"), ("c.json", "null"), ("c.yaml", "- a"), ("c.yaml", "")])
def test_a_configuration_is_a_mapping(disk: Any, name: str, text: str) -> None:
    disk.return_value = text
    with pytest.raises(ConfigFileError, match="is a mapping"):
        load_config(name)
