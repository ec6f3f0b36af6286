from pathlib import Path
from typing import Any

import pytest

from config_validator import AbsentKey, BadType, InvalidConfig, UnreadableConfig, validate_config

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["name", "db"],
    "properties": {
        "name": {"type": "string"},
        "tags": {"type": "array"},
        "db": {"type": "object", "required": ["port"], "properties": {"port": {"type": "integer"}}},
    },
}
VALID = """\
name: shop
tags: [a, b]
db:
  port: 5432
"""


def write(folder: Path, text: str, name: str = "config.yaml") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_valid_yaml(tmp_path: Path) -> None:
    config = validate_config(write(tmp_path, VALID), SCHEMA)
    assert config == {"name": "shop", "tags": ["a", "b"], "db": {"port": 5432}}


def test_valid_json(tmp_path: Path) -> None:
    text = '{"name": "shop", "db": {"port": 1}}'
    assert validate_config(write(tmp_path, text, "config.json"), SCHEMA)["db"] == {"port": 1}


def test_all_problems_with_lines(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfig) as caught:
        validate_config(write(tmp_path, "tags: all\ndb:\n  port: high\n"), SCHEMA)
    assert [(type(each), str(each)) for each in caught.value.exceptions] == [
        (AbsentKey, "line 1: $['name']: is required but absent"),
        (BadType, "line 1: $['tags']: expected array, got str"),
        (BadType, "line 3: $['db']['port']: expected integer, got str"),
    ]
    assert "$['db']['port']" in str(caught.value)


@pytest.mark.parametrize("text", ["", "name: ]", "[1"])
def test_unreadable(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableConfig):
        validate_config(write(tmp_path, text), SCHEMA)


def test_absent(tmp_path: Path) -> None:
    with pytest.raises(UnreadableConfig, match=r"absent\.json"):
        validate_config(tmp_path / "absent.json", SCHEMA)
