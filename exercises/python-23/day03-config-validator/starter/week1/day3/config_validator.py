"""Validates configuration files, JSON or YAML, against a schema.

Only the name of this file is given. Functions or classes, their names, the form of a schema, whether the first error is raised or all of
them are collected: that is yours. `grade show day3` says what is found without your doing anything, and how to make the rest found.
"""

from pathlib import Path


class ConfigError(Exception):
    """Something is wrong with a configuration. Derive an exception from it for each kind of error."""


def load_config(path: Path) -> dict[str, object]:
    """Reads a file: JSON or YAML, as its ending says."""


def validate(config: dict[str, object], schema: dict[str, object]) -> None:
    """Raises where a required field is missing or has a value of another type, also within sections."""
    error = ConfigError("not written yet")
    raise NotImplementedError
