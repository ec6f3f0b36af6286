#!/usr/bin/env python3
"""Checks a config file before a service is started with it: config_validator.py FILE

The schema has a line for every field, with its whole path. A question mark is for what may be missing.
"""

import json
import os
import sys

import yaml

SCHEMA = {
    "service.name": "str",
    "service.workers": "int",
    "service.log.level": "str?",
    "service.log.rotate": "bool?",
}

TYPES = {"str": str, "int": int, "float": float, "bool": bool, "list": list}


class ConfigError(Exception):
    pass


class MissingKey(ConfigError):
    pass


class WrongType(ConfigError):
    pass


class NotASection(WrongType):
    pass


def read_file(filename):
    with open(filename) as f:
        if os.path.basename(filename).endswith(".json"):
            config = json.load(f)
        else:
            config = yaml.safe_load(f)
    if not isinstance(config, dict):
        raise NotASection("%s: no settings in it" % filename)
    return config


def check_key(config, path, wanted):
    node = config
    seen = []
    for name in path.split("."):
        seen.append(name)
        if name not in node:
            if wanted.endswith("?"):
                return
            raise MissingKey("%s: not set (%s has no %s)" % (path, ".".join(seen[:-1]) or "the file", name))
        node = node[name]
    python_type = TYPES[wanted.rstrip("?")]
    if type(node) is not python_type:
        raise WrongType("%s: want %s, have %s" % (path, wanted.rstrip("?"), type(node).__name__))


def validate_config(filename, schema=SCHEMA):
    config = read_file(filename)
    for path, wanted in schema.items():
        check_key(config, path, wanted)
    return config


if __name__ == "__main__":
    try:
        validate_config(sys.argv[1])
    except (ConfigError, OSError, ValueError, yaml.YAMLError) as error:
        sys.exit("%s: %s" % (sys.argv[1], error))
