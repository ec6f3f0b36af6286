import os
import runpy

import pytest

PATH = os.path.join(os.path.dirname(__file__), "hello.py")


@pytest.fixture
def module():
    return runpy.run_path(PATH)


def test_known_points(module):
    assert module["to_fahrenheit"](100) == pytest.approx(212)
    assert len(module["table"](0, 20)) == 3


def test_runs_as_a_program(capsys):
    runpy.run_path(PATH, run_name="__main__")
    assert capsys.readouterr().out.splitlines()[1].startswith("   0 C =")
