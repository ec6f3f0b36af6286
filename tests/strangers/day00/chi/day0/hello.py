"""Greets someone, as often as asked."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Say hello.")
    parser.add_argument("name", nargs="?", default="world")
    parser.add_argument("-n", "--times", type=int, default=1)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    args = build_parser().parse_args(argv)
    for _ in range(args.times):
        print(f"hello {args.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
