"""A first program. Run it with `python hello.py`."""

import platform


def greeting(name: str) -> str:
    """Returns a line that greets `name` and says which Python is running (`platform.python_version()`)."""


if __name__ == "__main__":
    # Print a greeting here.
    raise NotImplementedError
