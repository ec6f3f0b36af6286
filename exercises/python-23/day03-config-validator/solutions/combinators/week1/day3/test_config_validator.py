from pathlib import Path

import pytest

from config_validator import NotOfThatType, NotThere, boolean, integer, list_of, number, optional, problems, read, section, text

SHOP = section(
    name=text,
    rate=number,
    open=boolean,
    tags=optional(list_of(text)),
    db=section(port=integer, pool=section(size=integer)),
)
RIGHT = """\
name: shop
rate: 1.5
open: true
db:
  port: 5432
  pool:
    size: 3
"""


def test_right(tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text(RIGHT)
    assert problems(SHOP, read(path)) == []


def test_everything_is_wrong() -> None:
    found = problems(SHOP, {"name": 1, "rate": "low", "tags": ["a", 2], "db": {"port": 1, "pool": 3}})
    assert [(type(each), str(each)) for each in found] == [
        (NotOfThatType, "name is no text, but 1"),
        (NotOfThatType, "rate is no number, but 'low'"),
        (NotThere, "open is needed"),
        (NotOfThatType, "tags:1 is no text, but 2"),
        (NotOfThatType, "db:pool is no section, but 3"),
    ]


def test_json(tmp_path: Path) -> None:
    path = tmp_path / "shop.json"
    path.write_text('{"size": 1}')
    assert problems(section(size=integer), read(path)) == []
    assert [str(each) for each in problems(section(size=text, name=text), read(path))] == [
        "size is no text, but 1",
        "name is needed",
    ]


@pytest.mark.parametrize("name", ["shop.json", "shop.yml"])
def test_broken(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("{")
    with pytest.raises(Exception, match="line"):
        read(path)
