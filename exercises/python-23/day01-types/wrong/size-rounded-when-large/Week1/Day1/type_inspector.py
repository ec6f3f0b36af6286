"""Tells in sentences what a value is."""

import logging
import sys
import textwrap
from functools import singledispatch

log = logging.getLogger(__name__)


@singledispatch
def can_change(val: object) -> bool:
    """Whether a value can change; what is not known is taken to stay as it is."""
    return False


@can_change.register(list)
@can_change.register(set)
@can_change.register(dict)
def _(val: object) -> bool:
    return True


def describe_memory(size: int) -> str:
    """Returns a size as people like to read it."""
    number = float(size)
    for unit in ("bytes", "KiB", "MiB"):
        if number < 1024:
            break
        number //= 1024
    return f"{number:g} {unit}"


class TypeInspector:
    """Writes about one value."""

    def __init__(self, val: object, width: int) -> None:
        self.val = val
        self.width = width

    def sentences(self) -> list[str]:
        """Returns one sentence for everything that is to be said."""
        name = type(self.val).__name__
        negation = "" if can_change(self.val) else "not "
        methods = [each for each in dir(self.val) if callable(getattr(self.val, each, None))]
        special = [each for each in methods if each.startswith("__")]
        public = [each for each in methods if each not in special]
        return [
            f"This is a value of type {name}.",
            f"It lives at {hex(id(self.val)).upper()} and takes {describe_memory(sys.getsizeof(self.val))}.",
            f"It is {negation}mutable.",
            f"It has {len(public)} methods of its own: {', '.join(public)}.",
            f"And {len(special)} special ones: {', '.join(special)}.",
        ]

    def write(self) -> None:
        """Writes all sentences to the standard output, no line longer than wanted."""
        for sentence in self.sentences():
            sys.stdout.write(textwrap.fill(sentence, self.width, subsequent_indent="    ") + "\n")


def inspect_value(val: object, width: int = 72) -> None:
    """Writes about a value."""
    log.debug("looking at %r", val)
    TypeInspector(val, width).write()
