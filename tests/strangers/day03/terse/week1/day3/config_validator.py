import json
from pathlib import Path

import yaml


class ConfigError(Exception):
    def __init__(self, field, why, line=None):
        super().__init__(f"{field}: {why}" + (f" (line {line})" if line else ""))
        self.field, self.why, self.line = field, why, line


class Missing(ConfigError): ...


class WrongType(ConfigError): ...


class Unreadable(ConfigError): ...


def load(path):
    path = Path(path)
    try:
        text = path.read_text()
        return json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except OSError as e:
        raise Unreadable(path.name, e.strerror) from e
    except json.JSONDecodeError as e:
        raise Unreadable(path.name, e.msg, e.lineno) from e
    except yaml.YAMLError as e:
        mark = getattr(e, "problem_mark", None)
        raise Unreadable(path.name, str(e), mark and mark.line + 1) from e


def check(value, schema, field=""):
    """schema: a type, a tuple of types, {key: schema} or [schema]; "key?" is optional"""
    want = dict if isinstance(schema, dict) else list if isinstance(schema, list) else schema
    wants = want if isinstance(want, tuple) else (want,)
    if not any(type(value) is t or (t is float and type(value) is int) for t in wants):
        names = "|".join(t.__name__ for t in wants)
        yield WrongType(field or ".", f"expected {names}, got {type(value).__name__}")
    elif isinstance(schema, dict):
        for key, sub in schema.items():
            name = key.removesuffix("?")
            here = f"{field}.{name}".lstrip(".")
            if name in value:
                yield from check(value[name], sub, here)
            elif name == key:
                yield Missing(here, "required but missing")
    elif isinstance(schema, list):
        for i, item in enumerate(value):
            yield from check(item, schema[0], f"{field}[{i}]")


def validate(path, schema):
    """Return the config or raise an ExceptionGroup of ConfigErrors."""
    config = load(path)
    if errors := list(check(config, schema)):
        raise ExceptionGroup(f"invalid config {path}", errors)
    return config
