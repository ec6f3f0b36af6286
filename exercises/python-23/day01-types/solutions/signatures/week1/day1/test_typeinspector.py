"""Every kind of value through the command, and through the function."""

import pytest
from looking import Change, change
from typeinspector import inspect_value, main

LITERALS = {
    "3": Change.IMMUTABLE,
    "'three'": Change.IMMUTABLE,
    "[3]": Change.MUTABLE,
    "(3,)": Change.IMMUTABLE,
    "([3],)": Change.OUTSIDE,
    "{3}": Change.MUTABLE,
    "{'three': 3}": Change.MUTABLE,
}


@pytest.mark.parametrize("literal", LITERALS)
def test_the_command(literal, capsys):
    assert main([literal]) == 0
    assert f"Mutability... {LITERALS[literal]}\n" in capsys.readouterr().out


def test_a_list_step_by_step(capsys):
    three = [3]
    inspect_value(three, signatures=False)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("builtins.list")
    assert int(lines[1].split()[1], 16) == id(three)
    assert lines[2].endswith(f"{three.__sizeof__() + 16}B")
    assert {"    .append()", "    .sort()"} <= set(lines)


def test_what_cannot_be_hashed_is_mutable():
    assert change(set()) is change({}) is Change.MUTABLE
    assert change((1, "a")) is Change.IMMUTABLE
