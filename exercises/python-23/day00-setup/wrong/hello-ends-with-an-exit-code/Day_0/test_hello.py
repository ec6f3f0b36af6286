import contextlib
import io
import unittest

from .hello import greet, main


class GreetTest(unittest.TestCase):
    def test_greets_by_name(self) -> None:
        self.assertEqual(greet("Ada"), "Hello, Ada!")

    def test_shouts(self) -> None:
        self.assertEqual(greet("Ada", shout=True), "HELLO, ADA!")

    def test_command_line(self) -> None:
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            self.assertTrue(main(["--name", "Grace"]))
        self.assertEqual(output.getvalue(), "Hello, Grace!\n")


if __name__ == "__main__":
    unittest.main()
