from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from config_validator import (
    ConfigSyntaxError,
    ConfigValidationError,
    Location,
    MissingField,
    Optional_,
    TypeMismatch,
    UnsupportedFormat,
    load,
)

Writer = Callable[[str, str], Path]
SCHEMA = {
    "name": str,
    "debug": Optional_(bool, default=False),
    "server": {"host": str, "port": int, "tls": {"cert": str | None}},
    "tags": list[str],
}

GOOD_YAML = """\
name: shop
server:
  host: localhost
  port: 80
  tls:
    cert: null
tags: [a, b]
"""
GOOD_JSON = """\
{
\t"name": "shop",
\t"server": {"host": "localhost", "port": 80, "tls": {"cert": null}},
\t"tags": ["a", "b"]
}
"""


@pytest.mark.parametrize(
    ("name", "text"), [("c.yaml", GOOD_YAML), ("c.yml", GOOD_YAML), ("c.JSON", GOOD_JSON)]
)
def test_valid(write: Writer, name: str, text: str) -> None:
    config = load(write(name, text), SCHEMA)
    assert config["server"]["port"] == 80
    assert config["debug"] is False


def test_accepts_str_path(write: Writer) -> None:
    assert load(str(write("c.yaml", GOOD_YAML)), SCHEMA)["name"] == "shop"


@pytest.mark.parametrize("name", ["bad.json", "bad.yaml"])
def test_every_problem_is_reported_with_its_line(write: Writer, name: str) -> None:
    path = write(
        name,
        """\
        {
          "name": 12,
          "server": {
            "host": "localhost",
            "port": "80",
            "tls": {}
          },
          "tags": ["a", 2]
        }
        """,
    )
    with pytest.raises(ConfigValidationError) as info:
        load(path, SCHEMA)
    assert [(type(e), e.field, e.line) for e in info.value] == [
        (TypeMismatch, "name", 2),
        (TypeMismatch, "server.port", 5),
        (MissingField, "server.tls.cert", 6),
        (TypeMismatch, "tags[1]", 8),
    ]
    assert len(info.value) == 4
    message = str(info.value)
    assert str(path) in message
    assert "server.port: expected int, got str '80' (line 5, column 13)" in message


def test_json_syntax(write: Writer) -> None:
    with pytest.raises(ConfigSyntaxError) as info:
        load(write("c.json", '{\n"a": 1,\n}'), {})
    assert info.value.location == Location(3, 1)


def test_yaml_only_syntax_is_refused_in_json(write: Writer) -> None:
    with pytest.raises(ConfigSyntaxError):
        load(write("c.json", "name: shop\n"), {"name": str})


def test_yaml_syntax(write: Writer) -> None:
    with pytest.raises(ConfigSyntaxError) as info:
        load(write("c.yaml", "a: 1\nb: c: d\n"), {})
    assert info.value.location is not None
    assert info.value.location.line == 2


def test_empty_yaml_file(write: Writer) -> None:
    with pytest.raises(ConfigValidationError, match="<root>: expected mapping, got null"):
        load(write("c.yaml", ""), SCHEMA)


def test_unknown_suffix(write: Writer) -> None:
    with pytest.raises(UnsupportedFormat):
        load(write("c.toml", ""), {})


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none.yaml", {})
