"""Tests of hello.py. Run them with `pytest -v`."""

# Import `greeting` from `hello`, and write a function called `test_…` that calls it and asserts what comes back.
