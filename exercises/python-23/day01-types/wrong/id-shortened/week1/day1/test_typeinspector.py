import io
import sys
import unittest
from contextlib import redirect_stdout

from typeinspector import check_mutable, inspect_value


class TestTypeInspector(unittest.TestCase):
    def output(self, val):
        buffer = io.StringIO()
        with redirect_stdout(buffer):
            inspect_value(val)
        return buffer.getvalue()

    def test_integer(self):
        out = self.output(5)
        self.assertIn("<class 'int'>", out)
        self.assertIn("Immutable", out)

    def test_string(self):
        out = self.output("abc")
        self.assertIn("<class 'str'>", out)
        self.assertIn("upper", out)

    def test_list(self):
        numbers = [1, 2]
        out = self.output(numbers)
        self.assertIn(str(id(numbers))[-6:], out)
        self.assertIn("append", out)

    def test_tuple(self):
        self.assertIn("Total methods: 2", self.output((1, 2)))

    def test_set(self):
        self.assertIn(str(sys.getsizeof({1, 2})), self.output({1, 2}))

    def test_dict(self):
        self.assertIn("<class 'dict'>", self.output({"a": 1}))
        self.assertEqual(check_mutable({}), "Mutable")
        self.assertEqual(check_mutable(()), "Immutable")


if __name__ == "__main__":
    unittest.main()
