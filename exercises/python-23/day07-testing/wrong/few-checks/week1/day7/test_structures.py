from unittest.mock import patch

import pytest
from typeinspector import get_methods, inspect_value, is_mutable


@pytest.fixture
def numbers():
    return [1, 2]


@pytest.mark.parametrize(("kind", "expected"), [(dict, True), (tuple, False)])
def test_mutable(kind, expected):
    assert is_mutable(kind()) is expected


def test_methods(numbers):
    methods = get_methods(numbers)
    assert "append" in methods
    assert "__doc__" not in methods


def test_all_is_printed(numbers, capsys):
    with patch("typeinspector.sys.getsizeof", return_value=72) as size:
        inspect_value(numbers)
    size.assert_called_once_with(numbers)
    lines = capsys.readouterr().out.splitlines()
    assert lines[:5] == [
        "Value: [1, 2]",
        "Type: <class 'list'>",
        f"ID: {id(numbers)}",
        "Size: 72 bytes",
        f"Mutable: {is_mutable(numbers)}",
    ]
    assert lines[5:] == [f"Methods: {', '.join(get_methods(numbers))}"]
