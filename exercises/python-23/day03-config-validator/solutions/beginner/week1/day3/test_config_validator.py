import pytest
from config_validator import ConfigFileNotFoundError, ConfigSyntaxError, read_json, read_yaml, validate_config


def good_config():
    return {"app_name": "My App", "port": 80, "debug": True, "database": {"host": "db", "port": 5432}}


def test_good():
    assert validate_config(good_config()) == (True, None)


def test_debug_is_optional():
    config = good_config()
    del config["debug"]
    assert validate_config(config) == (True, None)


def test_missing_field():
    config = good_config()
    del config["app_name"]
    assert validate_config(config) == (False, "Missing required field: app_name")


def test_missing_nested_field():
    config = good_config()
    del config["database"]["host"]
    assert validate_config(config) == (False, "Missing required field: database > host")


def test_wrong_type():
    config = good_config()
    config["database"]["port"] = "5432"
    assert validate_config(config) == (False, "Field 'database > port' should be int but got str")


def test_list_instead_of_config():
    assert validate_config([])[0] is False


def test_read_files(tmp_path):
    (tmp_path / "a.json").write_text('{"port": 1}')
    (tmp_path / "a.yaml").write_text("port: 1")
    assert read_json(tmp_path / "a.json") == read_yaml(tmp_path / "a.yaml") == {"port": 1}


def test_bad_files(tmp_path):
    (tmp_path / "a.json").write_text('{\n"port": \n}')
    with pytest.raises(ConfigSyntaxError, match="line 3"):
        read_json(tmp_path / "a.json")
    with pytest.raises(ConfigFileNotFoundError):
        read_yaml(tmp_path / "b.yaml")
