# Tests for my type inspector.
# capsys is a pytest thing that catches what was printed.
import sys

import pytest

import typeinspector


def test_type_name_int() -> None:
    assert typeinspector.get_type_name(5) == "int"


def test_type_name_string() -> None:
    assert typeinspector.get_type_name("hello") == "str"


def test_type_name_others() -> None:
    assert typeinspector.get_type_name([1]) == "list"
    assert typeinspector.get_type_name((1,)) == "tuple"
    assert typeinspector.get_type_name({1}) == "set"
    assert typeinspector.get_type_name({"a": 1}) == "dict"
    assert typeinspector.get_type_name(None) == "NoneType"
    assert typeinspector.get_type_name(True) == "bool"


def test_size() -> None:
    numbers = [1, 2, 3]
    assert typeinspector.get_memory_size(numbers) == sys.getsizeof(numbers)
    # a longer string must be bigger
    assert typeinspector.get_memory_size("aaaaaaaaaa") > typeinspector.get_memory_size("a")


def test_mutable_things() -> None:
    assert typeinspector.check_mutable([]) == "mutable"
    assert typeinspector.check_mutable({}) == "mutable"
    assert typeinspector.check_mutable(set()) == "mutable"
    assert typeinspector.check_mutable(bytearray(b"abc")) == "mutable"


def test_immutable_things() -> None:
    assert typeinspector.check_mutable(1) == "immutable"
    assert typeinspector.check_mutable(1.5) == "immutable"
    assert typeinspector.check_mutable(2j) == "immutable"
    assert typeinspector.check_mutable("a") == "immutable"
    assert typeinspector.check_mutable(True) == "immutable"
    assert typeinspector.check_mutable(None) == "immutable"
    assert typeinspector.check_mutable(b"abc") == "immutable"
    assert typeinspector.check_mutable((1, 2)) == "immutable"
    assert typeinspector.check_mutable(([1], [2])) == "immutable"
    assert typeinspector.check_mutable(frozenset([1])) == "immutable"
    assert typeinspector.check_mutable(range(3)) == "immutable"


def test_own_class_is_mutable() -> None:
    class Dog:
        def bark(self) -> str:
            return "woof"

    dog = Dog()
    assert typeinspector.check_mutable(dog) == "mutable"
    assert "bark" in typeinspector.get_methods(dog)


def test_methods_of_list() -> None:
    methods = typeinspector.get_methods([1, 2, 3])
    assert "append" in methods
    assert "sort" in methods
    assert "__len__" in methods
    assert "__doc__" not in methods


def test_inspect_prints_everything(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"name": "Anna"}
    typeinspector.inspect_value(value)
    printed = capsys.readouterr().out
    assert "The type is: dict" in printed
    assert "The id is: " + str(id(value)) in printed
    assert "The size in memory is: " + str(sys.getsizeof(value)) + " bytes" in printed
    assert "This value is: mutable" in printed
    for method in typeinspector.get_methods(value):
        assert ". " + method + "\n" in printed


def test_inspect_string(capsys: pytest.CaptureFixture[str]) -> None:
    typeinspector.inspect_value("Hello")
    printed = capsys.readouterr().out
    assert "The type is: str" in printed
    assert "This value is: immutable" in printed
    assert "upper" in printed


def test_main_works(capsys: pytest.CaptureFixture[str]) -> None:
    typeinspector.main()
    printed = capsys.readouterr().out
    assert printed.count("Inspecting the value:") == 6
