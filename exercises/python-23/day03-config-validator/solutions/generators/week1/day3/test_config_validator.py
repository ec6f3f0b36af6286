import json
from pathlib import Path

import pytest
import yaml

from config_validator import Mismatch, Missing, check_file, load, validate

SCHEMA = {"user": str, "limits": {"files": int, "hosts": list}}
RIGHT = {"user": "nobody", "limits": {"files": 7, "hosts": []}}


def complaints(config: object) -> list[tuple[type, str]]:
    return [(type(each), str(each)) for each in validate(SCHEMA, config)]


def test_right() -> None:
    assert complaints(RIGHT) == []


def test_wrong() -> None:
    assert complaints({"limits": {"files": "seven", "hosts": []}}) == [
        (Missing, "user: not found"),
        (Mismatch, "limits/files/: str where int is wanted"),
    ]


def test_not_even_a_mapping() -> None:
    assert complaints([]) == [(Mismatch, ": list where a mapping is wanted")]


@pytest.mark.parametrize("dump", [json.dumps, yaml.safe_dump])
def test_files(tmp_path: Path, dump: object) -> None:
    assert callable(dump)
    path = tmp_path / f"config.{dump.__module__[:4]}"
    path.write_text(dump(RIGHT))
    assert load(path) == check_file(path, SCHEMA) == RIGHT


def test_a_file_that_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text('{"user": "nobody", "limits": {"files": 7}}')
    with pytest.raises(Missing, match="limits/hosts"):
        check_file(path, SCHEMA)
