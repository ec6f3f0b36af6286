from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from config_validator import (
    ConfigError,
    ConfigParseError,
    FieldTypeError,
    InvalidConfigError,
    MissingFieldError,
    UnexpectedFieldError,
    load_config,
    validate_dict,
)


@dataclass
class Credentials:
    user: str
    password: str | None = None


@dataclass
class Database:
    host: str
    credentials: Credentials
    port: int = 5432


@dataclass
class Worker:
    name: str
    weight: float = 1.0


@dataclass
class App:
    name: str
    database: Database
    debug: bool = False
    workers: list[Worker] = field(default_factory=list)
    env: dict[str, str] = field(default_factory=dict)
    fallback: Database | None = None


GOOD = """\
name: shop
database:
  host: localhost
  credentials:
    user: root
workers:
  - name: a
  - name: b
    weight: 2
env:
  LANG: C
"""


@pytest.fixture
def save(tmp_path):
    def _save(text: str, name: str = "app.yaml") -> Path:
        path = tmp_path / name
        path.write_text(text)
        return path

    return _save


def failures(path: Path, **options) -> list[tuple[type, str, int | None]]:
    with pytest.raises(InvalidConfigError) as info:
        load_config(path, App, **options)
    return [(type(e), e.field, e.line) for e in info.value.errors]


def test_good_yaml(save):
    app = load_config(save(GOOD), App)
    assert app == App(
        name="shop",
        database=Database("localhost", Credentials("root")),
        workers=[Worker("a"), Worker("b", 2.0)],
        env={"LANG": "C"},
    )
    assert isinstance(app.workers[1].weight, float)


def test_good_json(save):
    path = save('{"name": "x", "database": {"host": "h", "credentials": {"user": "u"}}}', "a.json")
    assert load_config(str(path), App).database.port == 5432


def test_missing(save):
    path = save("name: x\ndatabase:\n  host: h\n  credentials: {}\n")
    assert failures(path) == [(MissingFieldError, "database.credentials.user", 4)]
    assert failures(save("{}")) == [
        (MissingFieldError, "name", None),
        (MissingFieldError, "database", None),
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("name: shop", "name: 5", ("name", 1)),
        ("name: shop", "name: null", ("name", 1)),
        ("host: localhost", "host: [a]", ("database.host", 3)),
        ("host: localhost", "{host: h, port: yes}", ("database.port", 3)),
        ("user: root", "user: 1", ("database.credentials.user", 5)),
        ("name: b", "name: [b]", ("workers[1].name", 8)),
        ("weight: 2", "weight: heavy", ("workers[1].weight", 9)),
        ("LANG: C", "LANG: 1", ("env.LANG", 11)),
    ],
)
def test_wrong_type(save, old, new, expected):
    text = GOOD.replace(old, new)
    if "port" in new:
        text = "name: x\ndatabase:\n  {host: h, port: yes, credentials: {user: u}}\n"
    assert failures(save(text)) == [(FieldTypeError, *expected)]


def test_message(save):
    with pytest.raises(InvalidConfigError) as info:
        load_config(save(GOOD.replace("shop", "5").replace("weight: 2", "weight: true")), App)
    assert str(info.value).splitlines() == [
        "name: should be str, not int (5) [line 1]",
        "workers[1].weight: should be float, not bool (True) [line 9]",
    ]


def test_section_expected(save):
    assert failures(save("name: x\ndatabase: h\n")) == [(FieldTypeError, "database", 2)]
    assert failures(save("- 1\n")) == [(FieldTypeError, "(config)", None)]
    assert failures(save("")) == [(FieldTypeError, "(config)", None)]


def test_optional_section(save):
    assert load_config(save(GOOD + "fallback: null\n"), App).fallback is None
    assert failures(save(GOOD + "fallback: {host: h}\n")) == [
        (MissingFieldError, "fallback.credentials", 12)
    ]
    assert failures(save(GOOD + "fallback: 3\n")) == [(FieldTypeError, "fallback", 12)]


def test_unknown_fields(save):
    path = save(GOOD + "colour: red\n")
    assert load_config(path, App).name == "shop"
    assert failures(path, allow_unknown=False) == [(UnexpectedFieldError, "colour", 12)]


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [("a.json", '{\n "a": 1,,\n}', 2), ("a.yaml", "a: 'x\n", 2), ("a.ini", "", None)],
)
def test_parse_errors(save, name, text, line):
    with pytest.raises(ConfigParseError) as info:
        load_config(save(text, name), App)
    assert info.value.line == line
    assert name in str(info.value)
    assert isinstance(info.value, ConfigError)


def test_no_file(tmp_path):
    with pytest.raises(ConfigParseError, match="cannot be read"):
        load_config(tmp_path / "none.yaml", App)


def test_json_with_tabs_has_no_lines(save):
    assert failures(save('{\n\t"name": 1,\n\t"database": {}}', "a.json"))[0] in [
        (FieldTypeError, "name", None),
        (FieldTypeError, "name", 2),
    ]


def test_schema_dict():
    schema = {"name": str, "debug": (bool, False), "db": {"host": str, "ports": list[int]}}
    assert validate_dict({"name": "x", "db": {"host": "h", "ports": [1]}}, schema) == []
    errors = validate_dict({"debug": 1, "db": {"host": None, "ports": [1, "2"]}}, schema)
    assert [(type(e), e.field) for e in errors] == [
        (MissingFieldError, "name"),
        (FieldTypeError, "debug"),
        (FieldTypeError, "db.host"),
        (FieldTypeError, "db.ports[1]"),
    ]
    assert validate_dict([], schema) != []
