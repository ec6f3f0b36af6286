import io
import sys
import unittest
from collections import namedtuple
from contextlib import redirect_stdout
from typing import Any

from typeinspector import Mutability, TypeInspector, inspect_value

Pair = namedtuple("Pair", "left right")


def captured(value: Any) -> str:
    buffer = io.StringIO()
    with redirect_stdout(buffer):
        inspect_value(value)
    return buffer.getvalue()


class Broken:
    @property
    def bad(self) -> None:
        raise ValueError


class TypeInspectorTest(unittest.TestCase):
    def setUp(self) -> None:
        self.values: dict[str, Any] = {
            "int": 1,
            "str": "one",
            "list": [1],
            "tuple": (1,),
            "set": {1},
            "dict": {"one": 1},
        }

    def test_type_names(self) -> None:
        for expected, value in self.values.items():
            with self.subTest(expected):
                self.assertEqual(expected, TypeInspector(value).get_type_name())

    def test_type_name_of_own_class_has_module(self) -> None:
        self.assertTrue(TypeInspector(Broken()).get_type_name().endswith(".Broken"))

    def test_id_and_size(self) -> None:
        for value in self.values.values():
            inspector = TypeInspector(value)
            self.assertEqual(id(value), inspector.get_id())
            self.assertEqual(sys.getsizeof(value), inspector.get_size())

    def test_mutable(self) -> None:
        values: list[Any] = [[], {}, set(), bytearray(), Broken()]
        for value in values:
            with self.subTest(repr(value)):
                self.assertTrue(TypeInspector(value).is_mutable())

    def test_immutable(self) -> None:
        values: list[Any] = [1, 1.0, 1j, True, None, "", b"", (), ([],), frozenset(), range(2)]
        values.append(Pair(1, 2))
        for value in values:
            with self.subTest(repr(value)):
                self.assertEqual(Mutability.IMMUTABLE, TypeInspector(value).get_mutability())

    def test_methods(self) -> None:
        methods = TypeInspector("abc").get_methods()
        self.assertIn("upper", methods)
        self.assertIn("__add__", methods)
        self.assertNotIn("__doc__", methods)

    def test_failing_property_does_not_break_inspection(self) -> None:
        self.assertNotIn("bad", TypeInspector(Broken()).get_methods())
        self.assertIn("Mutable", captured(Broken()))

    def test_printed_report(self) -> None:
        for name, value in self.values.items():
            with self.subTest(name):
                out = captured(value)
                self.assertIn(f"| Type       | {name}\n", out)
                self.assertIn(str(id(value)), out)
                self.assertIn(f"{sys.getsizeof(value)} bytes", out)
                expected = "Mutable" if name in ("list", "set", "dict") else "Immutable"
                self.assertIn(f"| Mutability | {expected}\n", out)
                for method in TypeInspector(value).get_methods():
                    self.assertIn(f"|     {method}()\n", out)


if __name__ == "__main__":
    unittest.main()
