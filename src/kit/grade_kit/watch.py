"""Notes by which parts of a submission a probe comes, for a proof of a pack that recalls it (see `recall`)."""

from __future__ import annotations

import os
import sys
from types import CodeType, FrameType
from typing import Any

# A part of a submission: a file below the root, and a function's name with its classes, or one of the words below. What is defined within a function belongs to it.
Part = tuple[str, str]

# What a file's own code is called, and what it is when it is read.
MODULE = "<module>"
TEXT = "<text>"
# Which files there are.
LISTING: Part = ("", "<listing>")
_WITHIN = ".<locals>"

# What a probe may do that nobody can follow, as Python's audit events call it (https://docs.python.org/3/library/audit_events.html).
_UNSEEN = frozenset({"_thread.start_new_thread", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.system", "subprocess.Popen"})
_LISTING = frozenset({"os.listdir", "os.scandir"})


def outermost(name: str) -> str:
    """Returns the name of the function that what has this qualified name is defined in, or the name itself."""
    return name.partition(_WITHIN)[0]


def function_of(code: CodeType, root: str) -> Part | None:
    """Returns the function that some code belongs to, if that is one of the files below `root`, which ends with a slash."""
    if not code.co_filename.startswith(root):
        return None
    return code.co_filename[len(root) :], outermost(code.co_qualname)


class Watch:
    """Notes by which parts of a submission this process comes, each time from `begin` to `end`."""

    def __init__(self, root: str) -> None:
        self._root = root + os.sep
        # By identity: equal code is found in many places.
        self._seen: dict[int, CodeType] = {}
        self._read: set[Part] = set()
        self._is_certain = True
        self._heeds = False

    def begin(self, is_probe: bool) -> None:
        """Begins to note. A probe may do what nobody can follow; what an import reads is read before any of them."""
        self._seen, self._read, self._is_certain = {}, set(), True
        if is_probe and not self._heeds:
            # For good: there is no taking it back.
            self._heeds = True
            sys.addaudithook(self._heed)
        sys.settrace(self._note)

    def end(self) -> list[Part] | None:
        """Returns the parts, or nothing where there may have been others."""
        # Whoever traces for itself has put an end to ours.
        self._is_certain &= sys.gettrace() == self._note and not self._saw_a_thread()
        sys.settrace(None)
        functions = (function_of(code, self._root) for code in self._seen.values())
        return sorted(self._read.union(filter(None, functions))) if self._is_certain else None

    def _note(self, frame: FrameType, event: str, arg: object) -> None:
        self._seen[id(frame.f_code)] = frame.f_code

    def _saw_a_thread(self) -> bool:
        # Python tells of threads as events from 3.12 on.
        threading = sys.modules.get("threading")
        return threading is not None and id(threading.Thread.start.__code__) in self._seen

    def _heed(self, event: str, args: tuple[Any, ...]) -> None:
        if event in _UNSEEN:
            self._is_certain = False
        elif event == "open" and (path := self._below(args[0])) is not None:
            self._read.add((path, TEXT))
        elif event in _LISTING and self._below(args[0]) is not None:
            self._read.add(LISTING)

    def _below(self, place: object) -> str | None:
        """Returns the path below the root of what is opened, if it is there."""
        if place is None:
            place = "."
        if not isinstance(place, str | bytes):
            return None
        path = os.path.abspath(os.fsdecode(place)) + os.sep
        return path[len(self._root) : -1] if path.startswith(self._root) else None
