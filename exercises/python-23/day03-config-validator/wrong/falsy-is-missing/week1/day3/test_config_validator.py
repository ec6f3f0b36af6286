from pathlib import Path
from typing import Any

import pytest

from config_validator import (
    SERVER_SCHEMA,
    ConfigFileError,
    MissingFieldError,
    WrongTypeError,
    load_config,
    validate,
    validate_file,
)

YAML = """\
name: shop
debug: true
server:
  host: localhost
  port: 8080
  tls:
    certificate: shop.pem
"""


@pytest.fixture
def config() -> dict[str, Any]:
    tls = {"certificate": "shop.pem"}
    return {"name": "shop", "debug": True, "server": {"host": "localhost", "port": 8080, "tls": tls}}


def test_valid(config: dict[str, Any]) -> None:
    assert validate(config, SERVER_SCHEMA) is None


def test_missing(config: dict[str, Any]) -> None:
    del config["name"]
    with pytest.raises(MissingFieldError, match="name"):
        validate(config, SERVER_SCHEMA)


def test_missing_deep_down(config: dict[str, Any]) -> None:
    del config["server"]["tls"]["certificate"]
    with pytest.raises(MissingFieldError, match=r"server\.tls\.certificate"):
        validate(config, SERVER_SCHEMA)


@pytest.mark.parametrize("port", ["8080", 80.5, None, True])
def test_wrong_type(config: dict[str, Any], port: object) -> None:
    config["server"]["port"] = port
    with pytest.raises(WrongTypeError, match=r"server\.port: expected int"):
        validate(config, SERVER_SCHEMA)


def test_section_is_no_section(config: dict[str, Any]) -> None:
    config["server"] = "localhost:8080"
    with pytest.raises(WrongTypeError, match="expected dict, found str"):
        validate(config, SERVER_SCHEMA)


def test_yaml(tmp_path: Path, config: dict[str, Any]) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text(YAML)
    assert validate_file(path, SERVER_SCHEMA) == config


def test_json(tmp_path: Path) -> None:
    path = tmp_path / "shop.json"
    path.write_text('{"name": "shop"}')
    assert load_config(path) == {"name": "shop"}


@pytest.mark.parametrize(("name", "text"), [("a.json", '{\n"name": }'), ("a.yaml", "name: a\nport: ]"), ("a.yaml", "- a")])
def test_broken_file(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(ConfigFileError, match=name):
        load_config(path)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigFileError, match="nothing.json"):
        load_config(tmp_path / "nothing.json")
