#!/usr/bin/env python3
# config_validator.py - check config files before a service is restarted
#
#   ./config_validator.py myservice.yaml
#
# Schema: one line per setting, dotted name -> type name
#   "server.port": "int"           must be there
#   "server.debug": "bool?"        may be there
#   "server.users[]": "str"        every entry of the list
#   "server.vhosts[].name": "str"  a field of every entry of the list
import json
import re
import sys
from pathlib import Path

import yaml

SCHEMA = {
    "service": "str",
    "server": "section",
    "server.host": "str",
    "server.port": "int",
    "server.timeout": "float?",
    "server.vhosts": "list?",
    "server.vhosts[].name": "str",
    "server.vhosts[].aliases": "list?",
    "server.vhosts[].aliases[]": "str",
    "logging": "section?",
    "logging.file": "str",
    "logging.rotate": "bool?",
}

TYPES = {
    "str": str,
    "int": int,
    "float": (float, int),
    "bool": bool,
    "list": list,
    "section": dict,
    "any": object,
}


class ConfigError(Exception):
    """what = setting or file, why = human text, line = int or None"""

    def __init__(self, what, why, line=None):
        self.what = what
        self.why = why
        self.line = line
        msg = f"{what}: {why}"
        if line is not None:
            msg = f"line {line}: {msg}"
        super().__init__(msg)


class FileError(ConfigError):
    pass


class SyntaxProblem(ConfigError):
    pass


class MissingSetting(ConfigError):
    pass


class BadType(ConfigError):
    pass


def read_file(filename):
    """-> (data, text)"""
    path = Path(filename)
    if not path.is_file():
        raise FileError(str(path), "no such file")
    text = path.read_text()
    if path.suffix == ".json":
        try:
            return json.loads(text), text
        except ValueError as e:
            raise SyntaxProblem(path.name, str(e), getattr(e, "lineno", None)) from e
    if path.suffix in (".yml", ".yaml"):
        try:
            return yaml.safe_load(text), text
        except yaml.YAMLError as e:
            mark = getattr(e, "problem_mark", None)
            line = mark.line + 1 if mark else None
            raise SyntaxProblem(path.name, getattr(e, "problem", None) or str(e), line) from e
    raise FileError(str(path), f"don't know how to read {path.suffix or 'this'} files")


def guess_line(text, setting):
    """grep -n for the last part of the setting, below its parents"""
    pos = 0
    lineno = None
    for key in re.sub(r"\[\d*\]", "", setting).split("."):
        m = re.compile(rf"""^[\s{{,-]*["']?{re.escape(key)}["']?\s*:""", re.MULTILINE).search(text, pos)
        if not m:
            m = re.compile(rf"""["']?\b{re.escape(key)}["']?\s*:""").search(text, pos)
        if not m:
            return lineno
        pos = m.end()
        lineno = text[:pos].count("\n") + 1
    return lineno


def has_type(value, typename):
    if isinstance(value, bool) and typename in ("int", "float"):
        return False
    return isinstance(value, TYPES[typename])


def expand(data, pattern):
    """All places which the pattern names -> [(name, parent is there?, there?, value)]

    "a.b[].c" -> a.b[0].c, a.b[1].c ...
    Parents which are missing or of the wrong type give nothing, they have
    their own line in the schema.
    """
    places = [("", data)]
    parts = pattern.replace("[]", ".[]").split(".")
    for n, part in enumerate(parts):
        last = n == len(parts) - 1
        found = []
        for name, value in places:
            if part == "[]":
                if isinstance(value, list):
                    for i, item in enumerate(value):
                        found.append((f"{name}[{i}]", True, item))
            elif isinstance(value, dict):
                full = f"{name}.{part}" if name else part
                if part in value:
                    found.append((full, True, value[part]))
                elif last:
                    found.append((full, False, None))
        if last:
            return found
        places = [(name, value) for name, there, value in found]
    return []


def check(data, schema, text=""):
    """Raise on the first problem, parents are checked before children."""
    if not isinstance(data, dict):
        raise BadType("config", f"must be a section, is a {type(data).__name__}")
    for pattern in sorted(schema, key=lambda p: p.count(".") + p.count("[]")):
        typename = schema[pattern]
        optional = typename.endswith("?")
        typename = typename.rstrip("?")
        if typename not in TYPES:
            raise ValueError(f"schema: unknown type {typename!r} for {pattern}")
        # "vhosts[].name" and "vhosts[]" need a line for "vhosts"
        parent = pattern.removesuffix("[]") if pattern.endswith("[]") else pattern.rpartition(".")[0]
        parent = parent.removesuffix("[]")
        if parent and parent not in schema:
            raise ValueError(f"schema: {pattern} is there but not {parent}")
        for name, there, value in expand(data, pattern):
            if not there:
                if not optional:
                    raise MissingSetting(name, f"missing ({typename} needed)", guess_line(text, name))
            elif not has_type(value, typename):
                raise BadType(
                    name,
                    f"must be {typename}, is {type(value).__name__} ({value!r})",
                    guess_line(text, name),
                )


def validate_config(filename, schema=SCHEMA):
    data, text = read_file(filename)
    check(data, schema, text)
    return data


def main():
    if len(sys.argv) < 2:
        print(f"usage: {sys.argv[0]} FILE...", file=sys.stderr)
        return 2
    rc = 0
    for filename in sys.argv[1:]:
        try:
            validate_config(filename)
            print(f"{filename}: ok")
        except ConfigError as e:
            print(f"{filename}: {type(e).__name__}: {e}")
            rc = 1
    return rc


if __name__ == "__main__":
    sys.exit(main())
