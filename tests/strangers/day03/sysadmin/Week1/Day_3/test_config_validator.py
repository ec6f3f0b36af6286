import os
import subprocess
import sys

import pytest

from config_validator import (
    BadType,
    ConfigError,
    FileError,
    MissingSetting,
    SyntaxProblem,
    check,
    expand,
    guess_line,
    has_type,
    validate_config,
)

HERE = os.path.dirname(os.path.abspath(__file__))


def conf(name):
    return os.path.join(HERE, "test_configs", name)


@pytest.mark.parametrize("name", ["ok.yaml", "ok.json"])
def test_ok(name):
    assert validate_config(conf(name))["service"] == "web"


@pytest.mark.parametrize(
    "name, error, what, line",
    [
        ("missing_port.yaml", MissingSetting, "server.port", 2),
        ("bad_port.json", BadType, "server.port", 5),
        ("bad_vhost.yaml", MissingSetting, "server.vhosts[1].name", 6),
        ("broken.yaml", SyntaxProblem, "broken.yaml", 4),
        ("broken.json", SyntaxProblem, "broken.json", 3),
        ("nothere.yaml", FileError, conf("nothere.yaml"), None),
    ],
)
def test_bad_files(name, error, what, line):
    with pytest.raises(error) as e:
        validate_config(conf(name))
    assert isinstance(e.value, ConfigError)
    assert e.value.what == what
    assert e.value.line == line
    assert what in str(e.value)


def test_unknown_suffix(tmp_path):
    f = tmp_path / "a.conf"
    f.touch()
    with pytest.raises(FileError):
        validate_config(f)


SMALL = {"a": "int", "b": "section?", "b.c": "float", "b.l": "list?", "b.l[]": "str", "x": "any?"}


@pytest.mark.parametrize(
    "data",
    [
        {"a": 1},
        {"a": 1, "b": {"c": 1}},
        {"a": 1, "b": {"c": 0.1, "l": []}},
        {"a": 1, "b": {"c": 0.1, "l": ["x", "y"]}, "x": None, "unknown": 1},
    ],
)
def test_check_ok(data):
    check(data, SMALL)


@pytest.mark.parametrize(
    "data, error, what",
    [
        ({}, MissingSetting, "a"),
        ({"a": None}, BadType, "a"),
        ({"a": True}, BadType, "a"),
        ({"a": 1, "b": []}, BadType, "b"),
        ({"a": 1, "b": {}}, MissingSetting, "b.c"),
        ({"a": 1, "b": {"c": "1"}}, BadType, "b.c"),
        ({"a": 1, "b": {"c": 1, "l": {}}}, BadType, "b.l"),
        ({"a": 1, "b": {"c": 1, "l": ["x", 1]}}, BadType, "b.l[1]"),
        ([1], BadType, "config"),
        (None, BadType, "config"),
    ],
)
def test_check_bad(data, error, what):
    with pytest.raises(error) as e:
        check(data, SMALL)
    assert e.value.what == what


def test_bad_schema():
    with pytest.raises(ValueError, match="unknown type"):
        check({}, {"a": "integer"})
    with pytest.raises(ValueError, match="not server"):
        check({}, {"server.port": "int"})


def test_expand():
    data = {"a": [{"b": 1}, {"c": 2}]}
    assert expand(data, "a[].b") == [("a[0].b", True, 1), ("a[1].b", False, None)]
    assert expand(data, "z.y") == []


def test_has_type():
    assert has_type(1, "float")
    assert not has_type(1.0, "int")
    assert has_type(False, "bool")


def test_guess_line():
    assert guess_line("a: 1\nb:\n  a: 2\n", "b.a") == 3
    assert guess_line("a: 1\n", "q") is None


def test_command_line():
    r = subprocess.run(
        [sys.executable, os.path.join(HERE, "config_validator.py"), conf("ok.yaml"), conf("bad_port.json")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert r.returncode == 1
    assert "ok.yaml: ok" in r.stdout
    assert "BadType: line 5: server.port: must be int, is str ('443')" in r.stdout
