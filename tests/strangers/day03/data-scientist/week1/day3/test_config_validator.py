import json
import textwrap

import pytest

from config_validator import (
    ConfigError,
    ConfigParseError,
    ConfigValidator,
    FieldTypeError,
    FieldValueError,
    RequiredFieldError,
    SchemaError,
    load_config,
    main,
)

SCHEMA = {
    "type": "object",
    "required": ["experiment", "seed", "model"],
    "properties": {
        "experiment": {"type": "string"},
        "seed": {"type": "integer", "minimum": 0},
        "device": {"type": "string", "enum": ["cpu", "cuda"]},
        "model": {
            "type": "object",
            "required": ["lr", "layers"],
            "properties": {
                "lr": {"type": "number", "minimum": 0, "maximum": 1},
                "dropout": {"type": ["number", "null"]},
                "layers": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["units"],
                        "properties": {"units": {"type": "integer"}},
                    },
                },
            },
        },
    },
}


@pytest.fixture
def validator():
    return ConfigValidator(SCHEMA)


@pytest.fixture
def config():
    return {
        "experiment": "baseline",
        "seed": 42,
        "model": {"lr": 0.001, "dropout": None, "layers": [{"units": 64}, {"units": 10}]},
    }


@pytest.fixture
def yaml_file(tmp_path):
    f = tmp_path / "exp.yaml"
    f.write_text(
        textwrap.dedent(
            """\
            experiment: baseline
            seed: forty-two
            model:
              lr: 7
              layers:
                - units: 64
                - units: many
            """
        )
    )
    return f


def test_good_config(validator, config):
    assert validator.is_valid(config)
    assert validator.validate(config) is None


@pytest.mark.parametrize("key", ["experiment", "seed", "model"])
def test_required(validator, config, key):
    del config[key]
    with pytest.raises(RequiredFieldError) as e:
        validator.validate(config)
    assert e.value.field == key


def test_required_nested(validator, config):
    del config["model"]["lr"]
    with pytest.raises(RequiredFieldError, match="model.lr"):
        validator.validate(config)


@pytest.mark.parametrize(
    "key,value", [("experiment", 1), ("seed", "1"), ("seed", 1.5), ("seed", True), ("model", [])]
)
def test_types(validator, config, key, value):
    config[key] = value
    with pytest.raises(FieldTypeError) as e:
        validator.validate(config)
    assert e.value.field == key
    assert type(value).__name__ in str(e.value)


def test_array_items(validator, config):
    config["model"]["layers"] = [{"units": 1}, {"units": "x"}, {}]
    errors = list(validator.iter_errors(config))
    assert [e.field for e in errors] == ["model.layers[1].units", "model.layers[2].units"]


def test_values(validator, config):
    config["device"] = "tpu"
    config["model"]["lr"] = -1
    errors = list(validator.iter_errors(config))
    assert all(isinstance(e, FieldValueError) for e in errors)
    assert len(errors) == 2


def test_file_with_lines(validator, yaml_file):
    config, lines = load_config(yaml_file)
    assert "__lines__" not in str(config)
    errors = list(validator.iter_errors(config, lines))
    assert [(e.field, e.line) for e in errors] == [
        ("seed", 2),
        ("model.lr", 4),
        ("model.layers[1].units", 7),
    ]
    with pytest.raises(FieldTypeError, match=r"\[line 2, field 'seed'\] expected integer"):
        validator.validate_file(yaml_file)


def test_json_lines(validator, tmp_path, config):
    f = tmp_path / "exp.json"
    config["seed"] = None
    f.write_text(json.dumps(config, indent="\t"))
    with pytest.raises(FieldTypeError) as e:
        validator.validate_file(f)
    assert e.value.line == 3


def test_good_files(validator, tmp_path, config):
    for name in ("a.json", "a.yml"):
        (tmp_path / name).write_text(json.dumps(config))
        assert validator.validate_file(tmp_path / name) == config


@pytest.mark.parametrize(
    "name,text,line", [("a.json", '{"a": 1\n"b": 2}', 2), ("a.yaml", "a: 1\n b: 2\n", 2)]
)
def test_parse_errors(tmp_path, name, text, line):
    (tmp_path / name).write_text(text)
    with pytest.raises(ConfigParseError) as e:
        load_config(tmp_path / name)
    assert e.value.line == line


def test_extension(tmp_path):
    (tmp_path / "a.csv").write_text("a,b")
    with pytest.raises(ConfigParseError, match="csv"):
        load_config(tmp_path / "a.csv")


def test_broken_schema():
    with pytest.raises(SchemaError):
        ConfigValidator({"type": "float32"}).validate(1)


def test_errors_are_value_errors():
    assert issubclass(ConfigError, ValueError)


def test_cli(tmp_path, capsys, yaml_file, config):
    schema = tmp_path / "schema.json"
    schema.write_text(json.dumps(SCHEMA))
    good = tmp_path / "good.json"
    good.write_text(json.dumps(config))
    assert main([str(schema), str(good)]) == 0
    assert main([str(schema), str(yaml_file)]) == 1
    assert "field 'seed'" in capsys.readouterr().out
    assert main([]) == 2
