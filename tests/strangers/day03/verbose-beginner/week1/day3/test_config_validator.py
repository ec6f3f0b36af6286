from pathlib import Path

import pytest

from config_validator import (
    ConfigError,
    ConfigFileError,
    ConfigSyntaxError,
    MissingFieldError,
    WrongTypeError,
    find_line,
    print_report,
    read_config,
    validate,
    validate_config_file,
)

CONFIGS = Path(__file__).parent / "configs"

SCHEMA = {
    "name": {"type": str, "required": True},
    "port": {"type": int},
    "ratio": {"type": float},
    "debug": {"type": bool, "required": False},
    "database": {
        "type": dict,
        "schema": {"host": {"type": str}, "port": {"type": int}},
    },
    "users": {"type": list, "items": str, "required": False},
}


def good_config():
    return {
        "name": "x",
        "port": 1,
        "ratio": 1.5,
        "database": {"host": "h", "port": 2},
    }


def test_good_json_file():
    config = validate_config_file(CONFIGS / "good.json", SCHEMA)
    assert config["database"]["port"] == 5432


def test_bad_yaml_file():
    config = read_config(CONFIGS / "bad.yaml")
    text = (CONFIGS / "bad.yaml").read_text()
    errors = validate(config, SCHEMA, text)
    assert [e.field for e in errors] == ["port", "database.port", "users[1]"]
    assert [e.line for e in errors] == [2, 6, 7]


def test_first_error_is_raised():
    with pytest.raises(WrongTypeError) as info:
        validate_config_file(CONFIGS / "bad.yaml", SCHEMA)
    assert str(info.value) == "Field 'port' should be int but it is str (value: '8080') on line 2"


def test_no_errors():
    assert validate(good_config(), SCHEMA) == []


def test_missing_field():
    config = good_config()
    del config["name"]
    errors = validate(config, SCHEMA)
    assert len(errors) == 1
    assert isinstance(errors[0], MissingFieldError)
    assert str(errors[0]) == "Missing required field 'name'"


def test_missing_nested_field():
    config = good_config()
    config["database"] = {"host": "h"}
    errors = validate(config, SCHEMA)
    assert errors[0].field == "database.port"


def test_optional_field_can_be_missing_but_must_have_right_type():
    config = good_config()
    config["debug"] = "yes"
    errors = validate(config, SCHEMA)
    assert [e.field for e in errors] == ["debug"]


def test_true_is_not_an_int():
    config = good_config()
    config["port"] = True
    assert isinstance(validate(config, SCHEMA)[0], WrongTypeError)


def test_int_is_ok_for_float():
    config = good_config()
    config["ratio"] = 2
    assert validate(config, SCHEMA) == []


def test_nested_is_not_a_dict():
    config = good_config()
    config["database"] = "localhost:5432"
    errors = validate(config, SCHEMA)
    assert errors[0].expected == "dict"


def test_list_of_dicts():
    schema = {"servers": {"type": list, "items": {"ip": {"type": str}}}}
    config = {"servers": [{"ip": "1.1.1.1"}, {"ip": 5}, {}, "no"]}
    errors = validate(config, schema)
    assert [e.field for e in errors] == ["servers[1].ip", "servers[2].ip", "servers[3]"]


def test_whole_file_is_a_list():
    assert isinstance(validate([1, 2], SCHEMA)[0], WrongTypeError)


def test_null_value():
    config = good_config()
    config["name"] = None
    assert "NoneType" in str(validate(config, SCHEMA)[0])


def test_file_not_found(tmp_path):
    with pytest.raises(ConfigFileError):
        read_config(tmp_path / "nothing.json")


def test_wrong_ending(tmp_path):
    file = tmp_path / "config.ini"
    file.write_text("[a]")
    with pytest.raises(ConfigFileError):
        read_config(file)


def test_broken_json(tmp_path):
    file = tmp_path / "c.json"
    file.write_text('{\n  "a": 1,\n  "b": \n}')
    with pytest.raises(ConfigSyntaxError) as info:
        read_config(file)
    assert info.value.line == 4
    assert "line 4" in str(info.value)


def test_broken_yaml(tmp_path):
    file = tmp_path / "c.yml"
    file.write_text("a: 1\nb: [1, 2\n")
    with pytest.raises(ConfigSyntaxError) as info:
        read_config(file)
    assert info.value.line is not None


def test_all_errors_are_config_errors():
    for cls in (ConfigFileError, ConfigSyntaxError, MissingFieldError, WrongTypeError):
        assert issubclass(cls, ConfigError)


def test_find_line_nothing():
    assert find_line("a: 1\n", "zzz") is None


def test_report(capsys, tmp_path):
    assert print_report(CONFIGS / "good.json", SCHEMA) is True
    assert print_report(CONFIGS / "bad.yaml", SCHEMA) is False
    assert print_report(tmp_path / "no.json", SCHEMA) is False
    out = capsys.readouterr().out
    assert "is OK" in out
    assert "has 3 error(s)" in out
    assert "database.port" in out
    assert "ERROR: Config file not found" in out
