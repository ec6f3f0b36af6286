"""Rows, headings and names."""

import sys

import typeinspector


def output(capsys, *values):
    typeinspector.inspect_value(*values)
    return capsys.readouterr().out.splitlines()


def test_a_row_for_each_value(capsys):
    lines = output(capsys, [1, 2], (1, 2), {1, 2}, {"one": 1}, "text", 2024)
    assert lines[0].split() == ["type", "id", "bytes", "deep", "bytes", "mutable", "methods"]
    assert [line.split()[0] for line in lines[1:7]] == ["list", "tuple", "set", "dict", "str", "int"]
    assert [line.split()[4] for line in lines[1:7]] == ["True", "False", "True", "True", "False", "False"]


def test_the_first_value_and_its_names(capsys):
    numbers = [1, 2]
    lines = output(capsys, numbers)
    assert str(id(numbers)) in lines[1].split()
    assert str(sys.getsizeof(numbers)) in lines[1].split()
    assert set(dir(numbers)) == set(" ".join(lines[3:]).split())


def test_deep_size():
    number = 10**30
    assert typeinspector.deep_size([number, number], set()) == sys.getsizeof([0, 0]) + sys.getsizeof(number)
    assert typeinspector.deep_size({"a": ()}, set()) > sys.getsizeof({"a": ()})
