from sys import getsizeof

from typeinspector import facts, inspect_value

VALUES = {"int": 1, "str": "a", "list": [], "tuple": (), "set": set(), "dict": {}}


def test_facts():
    for name, val in VALUES.items():
        found = facts(val)
        assert found["type"] == name
        assert found["id"] == id(val)
        assert found["size"] == getsizeof(val)
        assert found["mutable"] == (name in ("list", "set", "dict"))
        assert found["methods"]


def test_it_prints_all_of_them(capsys):
    for val in VALUES.values():
        inspect_value(val)
        out = capsys.readouterr().out
        assert all(repr(name) in out for name in ["type", "id", "size", "mutable", "methods"])
