"""Configurations as the text of files."""

import json


def as_json(config):
    """Returns a configuration as JSON over many lines."""
    return json.dumps(config, indent=2) + "\n"


def as_yaml(config, indent=""):
    """Returns a configuration as YAML as people write it, which is no JSON: with comments, and without brackets."""
    lines = [] if indent else ["# The settings."]
    for name, item in config.items():
        if isinstance(item, dict):
            lines += [f"{indent}{name}:", as_yaml(item, indent + "  ").rstrip("\n")]
        elif isinstance(item, list):
            lines += [f"{indent}{name}:", *(f"{indent}  - {each}" for each in item)]
        else:
            lines.append(f"{indent}{name}: {json.dumps(item) if isinstance(item, bool) else item}")
    return "\n".join(lines) + "\n"


def line_of(text, name):
    """Returns the number of the line on which a field stands."""
    lines = text.splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.strip().strip('"').startswith(name))
