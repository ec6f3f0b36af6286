"""One test for each kind, and for what is said of all of them."""

import pytest
from type_inspector import can_change, describe_memory, inspect_value


@pytest.fixture
def told(capsys):
    def tell(val):
        inspect_value(val, width=10_000)
        return capsys.readouterr().out

    return tell


def test_int(told):
    assert "type int." in told(3)


def test_str(told):
    assert "splitlines" in told("three")


def test_list(told):
    assert "It is mutable." in told([3])
    assert "append" in told([3])


def test_tuple(told):
    assert "It is not mutable." in told((3,))
    assert "2 methods of its own: count, index." in told((3,))


def test_set(told):
    three = {3}
    assert hex(id(three)).upper() in told(three)


def test_dict(told):
    assert can_change({"three": 3})
    assert "popitem" in told({"three": 3})


def test_memory():
    assert describe_memory(56) == "56 bytes"
    assert describe_memory(1536) == "1 KiB"
