import contextlib
import io
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import hello  # noqa: E402


class HelloTest(unittest.TestCase):
    def run_main(self, *argv):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = hello.main(list(argv))
        self.assertEqual(code, 0)
        return out.getvalue()

    def test_repeats(self):
        self.assertEqual(self.run_main("Chi", "-n", "2"), "hello Chi\nhello Chi\n")


if __name__ == "__main__":
    unittest.main()
