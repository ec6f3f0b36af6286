import json
from pathlib import Path

import yaml

CONFIG_SCHEMA = {
    "app_name": {"type": str, "required": True},
    "port": {"type": int, "required": True},
    "debug": {"type": bool, "required": False},
    "database": {
        "type": dict,
        "required": True,
        "schema": {
            "host": {"type": str, "required": True},
            "port": {"type": int, "required": True},
        },
    },
}


class ConfigFileNotFoundError(Exception):
    pass


class ConfigSyntaxError(Exception):
    pass


class MissingFieldError(Exception):
    pass


class InvalidTypeError(Exception):
    pass


def read_json(file_path):
    try:
        with open(file_path) as f:
            json.load(f)
    except FileNotFoundError:
        raise ConfigFileNotFoundError("File not found: " + str(file_path))
    except json.JSONDecodeError as e:
        raise ConfigSyntaxError("Invalid JSON at line " + str(e.lineno) + " in " + str(file_path))


def read_yaml(file_path):
    try:
        with open(file_path) as f:
            return yaml.safe_load(f)
    except FileNotFoundError:
        raise ConfigFileNotFoundError("File not found: " + str(file_path))
    except yaml.YAMLError as e:
        raise ConfigSyntaxError("Invalid YAML: " + str(e))


def check_required(config, schema, parent):
    for field in schema:
        if schema[field]["required"] and field not in config:
            raise MissingFieldError("Missing required field: " + parent + field)


def check_types(config, schema, parent):
    for field in schema:
        if field in config:
            expected = schema[field]["type"]
            actual = type(config[field])
            if actual != expected:
                raise InvalidTypeError(
                    "Field '" + parent + field + "' should be " + expected.__name__ + " but got " + actual.__name__
                )


def check_section(config, schema, parent):
    check_required(config, schema, parent)
    check_types(config, schema, parent)
    for field in schema:
        if "schema" in schema[field] and field in config:
            check_section(config[field], schema[field]["schema"], parent + field + " > ")


def validate_config(config):
    """Checks a config against CONFIG_SCHEMA. Returns (True, None) or (False, message)."""
    if not isinstance(config, dict):
        return False, "The config must be a dictionary"
    try:
        check_section(config, CONFIG_SCHEMA, "")
    except (MissingFieldError, InvalidTypeError) as e:
        return False, str(e)
    return True, None


if __name__ == "__main__":
    for path in Path(".").glob("*.json"):
        print(path, validate_config(read_json(path)))
