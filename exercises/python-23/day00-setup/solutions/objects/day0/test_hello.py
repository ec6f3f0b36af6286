"""Tests of the greeter."""

import subprocess
import sys
from pathlib import Path

import pytest

from day0.hello import Greeter, Language

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def greeter() -> Greeter:
    return Greeter(Language.GERMAN)


class TestGreeter:
    def test_greets_in_its_language(self, greeter: Greeter) -> None:
        assert greeter.greet("Ada") == "Hallo, Ada!"

    def test_speaks_english_unless_told(self) -> None:
        assert Greeter().greet("Ada") == "Hello, Ada!"


def test_the_program_prints_a_line_for_every_language() -> None:
    command = [sys.executable, "-m", "day0.hello"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert len(printed.splitlines()) == len(Language)
