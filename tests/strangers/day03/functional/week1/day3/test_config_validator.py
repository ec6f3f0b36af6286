import json

import pytest

import config_validator as cv

SCHEMA = cv.record(
    name=cv.string,
    port=cv.integer,
    ratio=cv.optional(cv.number),
    db=cv.record(host=cv.string, auth=cv.record(user=cv.string, password=cv.nullable(cv.string))),
    tags=cv.optional(cv.list_of(cv.string)),
)
VALID = {
    "name": "app",
    "port": 80,
    "db": {"host": "h", "auth": {"user": "u", "password": None}},
}


def with_(**changes):
    return {**VALID, **changes}


def without(key):
    return {k: v for k, v in VALID.items() if k != key}


def fields(config):
    return [(type(e).__name__, e.field) for e in cv.errors_in(config, SCHEMA)]


@pytest.mark.parametrize(
    "config", [VALID, with_(ratio=1), with_(ratio=0.5), with_(tags=[]), with_(tags=["a"]), with_(extra=1)]
)
def test_valid(config):
    assert fields(config) == []


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (without("name"), [("MissingFieldError", "name")]),
        (without("db"), [("MissingFieldError", "db")]),
        (with_(port="80"), [("WrongTypeError", "port")]),
        (with_(port=True), [("WrongTypeError", "port")]),
        (with_(port=80.0), [("WrongTypeError", "port")]),
        (with_(name=None), [("WrongTypeError", "name")]),
        (with_(ratio="1"), [("WrongTypeError", "ratio")]),
        (with_(tags="a,b"), [("WrongTypeError", "tags")]),
        (with_(tags=["a", 1, "b", 2]), [("WrongTypeError", "tags/1"), ("WrongTypeError", "tags/3")]),
        (with_(db=[]), [("WrongTypeError", "db")]),
        (
            with_(db={"host": "h", "auth": {"user": 1}}),
            [("WrongTypeError", "db/auth/user"), ("MissingFieldError", "db/auth/password")],
        ),
        ([], [("WrongTypeError", "(top)")]),
        (None, [("WrongTypeError", "(top)")]),
        ({}, [("MissingFieldError", n) for n in ("name", "port", "db")]),
    ],
)
def test_invalid(config, expected):
    assert fields(config) == expected


def test_boolean_and_anything():
    schema = cv.record(a=cv.boolean, b=cv.anything)
    assert cv.errors_in({"a": True, "b": object()}, schema) == []
    assert len(cv.errors_in({"a": 1, "b": None}, schema)) == 1


@pytest.mark.parametrize("suffix", [".json", ".yaml", ".yml"])
def test_json_text_in_all_formats(tmp_path, suffix):
    path = tmp_path / f"c{suffix}"
    path.write_text(json.dumps(VALID))
    assert cv.check_file(path, SCHEMA) == (VALID, [])
    assert cv.require_valid(str(path), SCHEMA) == VALID


def test_lines_yaml(tmp_path):
    path = tmp_path / "c.yaml"
    path.write_text("name: app\nport: x\ndb:\n  host: 5\n  auth:\n    user: u\n    password: p\n")
    _, errors = cv.check_file(path, SCHEMA)
    assert [(e.field, e.line) for e in errors] == [("port", 2), ("db/host", 4)]
    assert str(errors[0]) == "line 2: port: expected integer, found 'x' (str)"


def test_lines_json(tmp_path):
    path = tmp_path / "c.json"
    path.write_text('{\n"name": "app",\n"port": 1,\n"db": {\n  "host": "h",\n  "auth": {}\n}\n}')
    _, errors = cv.check_file(path, SCHEMA)
    assert [(e.field, e.line) for e in errors] == [("db/auth/user", 6), ("db/auth/password", 6)]


@pytest.mark.parametrize(
    ("name", "text", "line"), [("c.json", '{\n"a": ,\n}', 2), ("c.yaml", "a: 1\nb: [\n", 3)]
)
def test_syntax_errors(tmp_path, name, text, line):
    path = tmp_path / name
    path.write_text(text)
    config, (error,) = cv.check_file(path, SCHEMA)
    assert config is None
    assert isinstance(error, cv.ParseError)
    assert error.line == line


def test_unreadable(tmp_path):
    ini = tmp_path / "c.ini"
    ini.touch()
    assert ".ini" in str(cv.check_file(ini, SCHEMA)[1][0])
    assert "no such file" in str(cv.check_file(tmp_path / "no.json", SCHEMA)[1][0])


def test_require_valid_raises_all(tmp_path):
    path = tmp_path / "c.yml"
    path.write_text("port: x\n")
    with pytest.raises(cv.InvalidConfig) as e:
        cv.require_valid(path, SCHEMA)
    assert [x.field for x in e.value.errors] == ["name", "port", "db"]
    assert "line 1: port" in str(e.value)
