"""
Validate experiment configs (JSON or YAML) against a JSON-schema-like dict.

Supported keywords: type, properties, required, items, enum, minimum, maximum.

    >>> schema = {
    ...     "type": "object",
    ...     "required": ["lr"],
    ...     "properties": {"lr": {"type": "number", "minimum": 0}},
    ... }
    >>> ConfigValidator(schema).is_valid({"lr": 0.1})
    True
    >>> ConfigValidator(schema).is_valid({"lr": "fast"})
    False
"""

import json
import sys
from pathlib import Path

import yaml

TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}


class ConfigError(ValueError):
    """Base class."""

    def __init__(self, field, message, line=None):
        self.field = field
        self.message = message
        self.line = line
        loc = f"line {line}, " if line else ""
        super().__init__(f"[{loc}field '{field}'] {message}")


class ConfigParseError(ConfigError):
    """Not JSON / not YAML at all."""


class RequiredFieldError(ConfigError):
    """Key absent."""


class FieldTypeError(ConfigError):
    """Wrong type."""


class FieldValueError(ConfigError):
    """Right type but value out of range / not in enum."""


class SchemaError(Exception):
    """The schema itself is broken."""


class LineLoader(yaml.SafeLoader):
    """SafeLoader which stores the line of each key under __lines__."""

    def construct_mapping(self, node, deep=False):
        mapping = super().construct_mapping(node, deep=True)
        lines = {}
        for key_node, _ in node.value:
            lines[key_node.value] = key_node.start_mark.line + 1
        mapping["__lines__"] = lines
        return mapping


def _construct(loader, node):
    return loader.construct_mapping(node, deep=True)


LineLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _construct)


def _split_lines(obj, path="", lines=None):
    """Take the __lines__ out again -> (clean object, {path: line})"""
    if lines is None:
        lines = {}
    if isinstance(obj, dict):
        own = obj.pop("__lines__", {})
        clean = {}
        for k, v in obj.items():
            p = f"{path}.{k}" if path else str(k)
            if str(k) in own:
                lines[p] = own[str(k)]
            clean[k], _ = _split_lines(v, p, lines)
        return clean, lines
    if isinstance(obj, list):
        return [_split_lines(v, f"{path}[{i}]", lines)[0] for i, v in enumerate(obj)], lines
    return obj, lines


def load_config(path):
    """Load file -> (config, lines). lines maps field -> line number."""
    path = Path(path)
    text = path.read_text()
    if path.suffix == ".json":
        try:
            config = json.loads(text)
        except json.JSONDecodeError as e:
            raise ConfigParseError("<file>", f"invalid JSON: {e.msg}", e.lineno) from e
        try:
            # yaml reads json as well and it knows the lines
            _, lines = _split_lines(yaml.load(text.replace("\t", "    "), Loader=LineLoader))
        except yaml.YAMLError:
            lines = {}
        return config, lines
    if path.suffix in {".yaml", ".yml"}:
        try:
            return _split_lines(yaml.load(text, Loader=LineLoader))
        except yaml.YAMLError as e:
            mark = getattr(e, "problem_mark", None)
            raise ConfigParseError(
                "<file>", f"invalid YAML: {e}", mark.line + 1 if mark else None
            ) from e
    raise ConfigParseError("<file>", f"unsupported extension '{path.suffix}'")


class ConfigValidator:
    def __init__(self, schema):
        self.schema = schema

    # -- public --------------------------------------------------------------
    def iter_errors(self, config, lines=None):
        """Yield every error found in config."""
        yield from self._check(config, self.schema, "", lines or {})

    def is_valid(self, config):
        return next(self.iter_errors(config), None) is None

    def validate(self, config, lines=None):
        """Raise the first error, if any."""
        for err in self.iter_errors(config, lines):
            raise err

    def validate_file(self, path):
        """Load, raise the first error or return the config."""
        config, lines = load_config(path)
        self.validate(config, lines)
        return config

    # -- internals -----------------------------------------------------------
    def _check(self, value, schema, path, lines):
        line = lines.get(path)
        field = path or "<root>"

        wanted = schema.get("type")
        if wanted is not None:
            wanted = [wanted] if isinstance(wanted, str) else wanted
            if not any(self._has_type(value, w) for w in wanted):
                got = type(value).__name__
                names = " or ".join(wanted)
                yield FieldTypeError(field, f"expected {names} but got {got}: {value!r}", line)
                return

        if "enum" in schema and value not in schema["enum"]:
            yield FieldValueError(field, f"{value!r} is not one of {schema['enum']}", line)
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if is_number and "minimum" in schema and value < schema["minimum"]:
            yield FieldValueError(field, f"{value!r} is smaller than {schema['minimum']}", line)
        if is_number and "maximum" in schema and value > schema["maximum"]:
            yield FieldValueError(field, f"{value!r} is larger than {schema['maximum']}", line)

        if isinstance(value, dict):
            for key in schema.get("required", []):
                if key not in value:
                    sub = f"{path}.{key}" if path else key
                    yield RequiredFieldError(sub, "required field is missing", line)
            for key, subschema in schema.get("properties", {}).items():
                if key in value:
                    sub = f"{path}.{key}" if path else key
                    yield from self._check(value[key], subschema, sub, lines)

        if isinstance(value, list) and "items" in schema:
            for i, item in enumerate(value):
                sub = f"{path}[{i}]"
                if sub not in lines and line:
                    lines = {**lines, sub: line}
                yield from self._check(item, schema["items"], sub, lines)

    @staticmethod
    def _has_type(value, name):
        if name not in TYPES:
            raise SchemaError(f"unknown type in schema: {name!r}")
        if isinstance(value, bool):  # bool is a subclass of int!
            return name == "boolean"
        return isinstance(value, TYPES[name])


def main(argv=None):
    """python config_validator.py schema.json config.yaml"""
    argv = sys.argv[1:] if argv is None else argv
    if len(argv) != 2:
        print("usage: config_validator.py SCHEMA CONFIG")
        return 2
    schema, _ = load_config(argv[0])
    try:
        config, lines = load_config(argv[1])
    except ConfigError as e:
        print(e)
        return 1
    errors = list(ConfigValidator(schema).iter_errors(config, lines))
    for err in errors:
        print(err)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
