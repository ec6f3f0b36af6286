import json

import pytest

from config_validator import Missing, Unreadable, WrongType, check, load, validate

NONE = type(None)
SCHEMA = {
    "name": str,
    "port": int,
    "rate?": float,
    "db": {"host": str, "pool?": {"size": int}},
    "admins?": [{"email": (str, NONE)}],
}
OK = {"name": "n", "port": 1, "db": {"host": "h"}}


def errs(config, schema=SCHEMA):
    return [(type(e), e.field) for e in check(config, schema)]


@pytest.mark.parametrize(
    "extra", [{}, {"rate": 1}, {"rate": 1.5}, {"admins": []}, {"admins": [{"email": None}]}, {"x": 1}]
)
def test_ok(extra):
    assert errs(OK | extra) == []


@pytest.mark.parametrize(
    "extra, want",
    [
        ({"name": 1}, [(WrongType, "name")]),
        ({"port": True}, [(WrongType, "port")]),
        ({"port": 1.0}, [(WrongType, "port")]),
        ({"rate": "1"}, [(WrongType, "rate")]),
        ({"rate": None}, [(WrongType, "rate")]),
        ({"db": {}}, [(Missing, "db.host")]),
        ({"db": []}, [(WrongType, "db")]),
        ({"db": {"host": "h", "pool": {}}}, [(Missing, "db.pool.size")]),
        ({"admins": {}}, [(WrongType, "admins")]),
        ({"admins": [{}, {"email": 1}]}, [(Missing, "admins[0].email"), (WrongType, "admins[1].email")]),
    ],
)
def test_bad(extra, want):
    assert errs(OK | extra) == want


@pytest.mark.parametrize("config", [None, [], "x", 1])
def test_not_a_mapping(config):
    assert errs(config) == [(WrongType, ".")]


def test_all_missing():
    assert errs({}) == [(Missing, "name"), (Missing, "port"), (Missing, "db")]


@pytest.mark.parametrize("name", ["c.json", "c.yaml", "c.yml"])
def test_file(tmp_path, name):
    (tmp_path / name).write_text(json.dumps(OK))
    assert validate(tmp_path / name, SCHEMA) == validate(str(tmp_path / name), SCHEMA) == OK


def test_group(tmp_path):
    (tmp_path / "c.yaml").write_text("name: 1\nport: 2\n")
    with pytest.raises(ExceptionGroup) as e:
        validate(tmp_path / "c.yaml", SCHEMA)
    assert [str(x) for x in e.value.exceptions] == [
        "name: expected str, got int",
        "db: required but missing",
    ]


@pytest.mark.parametrize(
    "name, text, line", [("c.json", "{\n\n]", 3), ("c.yaml", "a: 1\nb: }\n", 2), ("c.yml", "a: [1\n", 2)]
)
def test_syntax(tmp_path, name, text, line):
    (tmp_path / name).write_text(text)
    with pytest.raises(Unreadable) as e:
        load(tmp_path / name)
    assert e.value.line == line
    assert name in str(e.value) and f"(line {line})" in str(e.value)


def test_no_file(tmp_path):
    with pytest.raises(Unreadable, match="No such file"):
        load(tmp_path / "c.yaml")
