#!/usr/bin/env python3
"""Greets somebody: `python hello.py --name Ada --shout`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence


def greet(name: str, *, shout: bool = False) -> str:
    text = f"Hello, {name}!"
    return text.upper() if shout else text


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Greets somebody.")
    parser.add_argument("--name", default="World", help="who is greeted")
    parser.add_argument("--shout", action="store_true", help="in capital letters")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse_arguments(arguments)
    print(greet(options.name, shout=options.shout))
    return 0


if __name__ == "__main__":
    sys.exit(main())
