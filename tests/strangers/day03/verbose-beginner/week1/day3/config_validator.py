# Day 3 - configuration validator
#
# Usage:
#   validate_config_file("config.json", SCHEMA)
#
# A schema is a dict. Every key is the name of a field, every value is again
# a dict which says what we expect:
#
#   {
#       "name": {"type": str, "required": True},
#       "debug": {"type": bool, "required": False},
#       "database": {
#           "type": dict,
#           "required": True,
#           "schema": {"host": {"type": str, "required": True}},
#       },
#       "users": {"type": list, "required": False, "items": str},
#   }
#
# If "required" is left out the field is required.
import json
from pathlib import Path

import yaml


class ConfigError(Exception):
    """Parent of all my errors, so you can catch all of them at once."""


class ConfigFileError(ConfigError):
    """The file is not there, or it has the wrong ending."""


class ConfigSyntaxError(ConfigError):
    """The file is there but it is not good JSON / YAML."""

    def __init__(self, message, line):
        super().__init__(message)
        self.line = line


class MissingFieldError(ConfigError):
    """A required field is not there."""

    def __init__(self, field):
        super().__init__("Missing required field '" + field + "'")
        self.field = field


class WrongTypeError(ConfigError):
    """A field has the wrong type."""

    def __init__(self, field, expected, value, line=None):
        message = (
            "Field '" + field + "' should be " + expected
            + " but it is " + type(value).__name__ + " (value: " + repr(value) + ")"
        )
        if line is not None:
            message = message + " on line " + str(line)
        super().__init__(message)
        self.field = field
        self.expected = expected
        self.value = value
        self.line = line


def read_config(filename):
    """Reads the file and returns what is inside."""
    path = Path(filename)
    if not path.exists():
        raise ConfigFileError("Config file not found: " + str(path))
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            raise ConfigSyntaxError(
                "Invalid JSON in " + path.name + " on line " + str(error.lineno) + ": " + error.msg,
                error.lineno,
            ) from error
    elif path.suffix in (".yaml", ".yml"):
        try:
            return yaml.safe_load(text)
        except yaml.YAMLError as error:
            line = None
            # not every yaml error knows the line
            mark = getattr(error, "problem_mark", None)
            if mark is not None:
                line = mark.line + 1
            raise ConfigSyntaxError(
                "Invalid YAML in " + path.name + " on line " + str(line) + ": " + str(error), line
            ) from error
    else:
        raise ConfigFileError("I only know .json, .yaml and .yml but this is: " + path.name)


def find_line(text, field):
    """Try to find on which line the field is.

    I walk down the dotted name: for "database.port" I look first for
    "database" and from there for "port". It is not perfect but good enough
    for the messages.
    """
    lines = text.splitlines()
    position = 0
    found = None
    for part in field.split("."):
        part = part.split("[")[0]
        for number in range(position, len(lines)):
            stripped = lines[number].strip().lstrip("{,- ")
            if stripped.startswith(('"' + part + '"', part + ":", "'" + part + "'")):
                found = number + 1
                position = number
                break
        else:
            # the for loop ended without break -> this part is not in the file
            return None
    return found


def type_is_ok(value, expected):
    """Like isinstance, but True is not an int, and an int is fine for a float."""
    if isinstance(value, bool):
        return expected is bool
    if expected is float:
        return isinstance(value, (int, float))
    return isinstance(value, expected)


def validate(config, schema, text="", prefix=""):
    """Checks the config and returns a list with all errors (empty = good)."""
    errors = []

    if not isinstance(config, dict):
        errors.append(WrongTypeError(prefix or "(whole file)", "dict", config))
        return errors

    for name, rule in schema.items():
        if prefix == "":
            field = name
        else:
            field = prefix + "." + name

        if name not in config:
            if rule.get("required", True):
                errors.append(MissingFieldError(field))
            continue

        value = config[name]
        expected = rule["type"]
        if not type_is_ok(value, expected):
            errors.append(WrongTypeError(field, expected.__name__, value, find_line(text, field)))
            continue

        if expected is dict and "schema" in rule:
            errors.extend(validate(value, rule["schema"], text, field))

        if expected is list and "items" in rule:
            for index, item in enumerate(value):
                item_field = field + "[" + str(index) + "]"
                if isinstance(rule["items"], dict):
                    # a list of nested things
                    errors.extend(validate(item, rule["items"], text, item_field))
                elif not type_is_ok(item, rule["items"]):
                    line = find_line(text, field)
                    errors.append(WrongTypeError(item_field, rule["items"].__name__, item, line))

    return errors


def validate_config_file(filename, schema):
    """Reads + checks the file. Returns the config or raises the first error."""
    config = read_config(filename)
    text = Path(filename).read_text(encoding="utf-8")
    errors = validate(config, schema, text)
    if len(errors) > 0:
        raise errors[0]
    return config


def print_report(filename, schema):
    """Prints all the errors in the file, one on each line."""
    try:
        config = read_config(filename)
    except ConfigError as error:
        print("ERROR:", error)
        return False
    text = Path(filename).read_text(encoding="utf-8")
    errors = validate(config, schema, text)
    if not errors:
        print(filename, "is OK")
        return True
    print(filename, "has", len(errors), "error(s):")
    for problem in errors:
        print("  -", problem)
    return False
