"""Notices by what of the learner's a probe comes, so that a finding can say where to look: what it asks for by name, and the functions that it calls.

What a candidate says of this is a hint and no more: the examiner looks the names up in the files (see `definitions`).
"""

from __future__ import annotations

import os
import sys
from types import CodeType, FrameType, ModuleType
from typing import Any

from .watch import MODULE, Part, function_of, outermost

# How many are noted of a probe: the first ones, whatever it does after that.
MOST = 40


class Reached:
    """The parts of a submission, which is below `root`, by which a probe comes, each once and in that order. Nothing is noted before it begins."""

    def __init__(self, root: str) -> None:
        self._root = root + os.sep
        self._parts: dict[Part, None] = {}
        self._is_on = False

    def begin(self) -> None:
        """Begins to note."""
        self._is_on = True
        sys.settrace(self._trace)

    def end(self) -> list[Part]:
        """Returns them: a file and the name of a function, of a class, or of what else is defined at the top of it, or "" for all of it."""
        sys.settrace(None)
        return list(self._parts)

    def note(self, target: object, name: str, found: object) -> None:
        """Notes that `name` was asked of a module, a class or an instance, and what was found. An empty name stands for all of a module."""
        if self._is_on:
            kind = type(target)
            try:
                self._add(self._part(target if issubclass(kind, type | ModuleType) else kind, name, found))
            except Exception:  # noqa: BLE001, S110 - a learner's metaclass may answer anything, and this is none of the probe's business
                pass

    def _add(self, part: Part | None) -> None:
        if self._is_on and part is not None and len(self._parts) < MOST:
            self._parts.setdefault(part)

    def _trace(self, frame: FrameType, event: str, arg: object) -> None:
        """Notes a function that is called, unless it is one of the learner's that called it."""
        part = self._named(frame.f_code)
        caller = frame.f_back
        while part is not None and caller is not None:
            part = None if self._named(caller.f_code) else part
            caller = caller.f_back
        self._add(part)

    def _named(self, code: CodeType) -> Part | None:
        """Returns the function of the learner's that some code is, or the module. What is made in a function, such as a decorator's wrapper, is as if it were not there."""
        is_made = "<" in code.co_qualname and code.co_name != MODULE
        return None if is_made else function_of(code, self._root)

    def _part(self, owner: Any, name: str, found: Any) -> Part | None:
        if issubclass(type(found), type) and (part := self._class(found)) is not None:
            return part
        if issubclass(type(owner), type):
            # A method is noted when it is called.
            return self._class(owner)
        path = self._below(getattr(owner, "__file__", None))
        return None if path is None else (path, name)

    def _class(self, cls: type) -> Part | None:
        path = self._below(getattr(sys.modules.get(cls.__module__), "__file__", None))
        return None if path is None else (path, outermost(cls.__qualname__))

    def _below(self, path: object) -> str | None:
        return path.removeprefix(self._root) if isinstance(path, str) and path.startswith(self._root) else None
