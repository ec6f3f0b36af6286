import builtins
import os

CODE = 87


def test_nothing():
    if hasattr(builtins, "__reach__"):
        os._exit(CODE)
    assert callable(print)
