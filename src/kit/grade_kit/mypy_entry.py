"""Runs mypy with the arguments that follow the entry's name, as `python -m mypy` would.

It is an entry so that a fork of the zygote can do it: starting an interpreter and importing what mypy takes from the standard
library is a fifth of its time.
"""

from __future__ import annotations

import gc
import os
import sys


def preload() -> None:
    """Imports mypy, for forks that find it imported."""
    import mypy.__main__  # noqa: F401


def main() -> None:
    """Runs mypy and ends the process as mypy ends it."""
    # Here and not at the top: the zygote has no use for it.
    from mypy.__main__ import console_entry

    gc.enable()
    sys.argv = ["mypy", *sys.argv[2:]]
    code: object = 0
    try:
        console_entry()
    except SystemExit as ending:
        code = ending.code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))
