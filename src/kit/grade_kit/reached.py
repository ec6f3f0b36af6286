"""Notes at what of the learner's a probe came by name, so that a finding can say where to look.

What a candidate says of this is a hint and no more: the examiner looks the names up in the files.
"""

from __future__ import annotations

import functools
import os
import sys
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from .watch import Part, function_of, outermost

# How many are noted of a probe: the first ones, whatever it does after that.
MOST = 20
# How many decorators, and the like, are looked through.
DEEPEST = 20

_REMEMBERING = type(functools.cache(len))


class Reached:
    """The parts of a submission, which is below `root`, at which a probe came by name, each once and in that order."""

    def __init__(self, root: str) -> None:
        self._root = root + os.sep
        self._parts: dict[tuple[int, str], Part | None] = {}

    def begin(self) -> None:
        """Hears that another probe begins."""
        self._parts.clear()

    def parts(self) -> list[Part]:
        """Returns them: a file and the name of a function, of a class, or of what else is defined at the top of it, or "" for all of it."""
        return list(dict.fromkeys(part for part in self._parts.values() if part is not None))

    def note_file(self, path: str) -> None:
        """Notes a file, by its path below the root."""
        self._parts.setdefault((0, path), (path, ""))

    def note_module(self, module: ModuleType) -> None:
        """Notes a module."""
        self._note(module, "", None)

    def note(self, target: object, name: str, found: object) -> None:
        """Notes that `name` was asked of a module, a class or an instance, and what was found."""
        kind = type(target)
        self._note(target if issubclass(kind, type | ModuleType) else kind, name, found)

    def _note(self, owner: Any, name: str, found: object) -> None:
        key = (id(owner), name)
        if key not in self._parts and len(self._parts) < MOST:
            try:
                self._parts[key] = self._part(owner, name, found)
            except Exception:  # noqa: BLE001 - a learner's metaclass may answer anything, and this is none of the probe's business
                self._parts[key] = None

    def _part(self, owner: Any, name: str, found: Any) -> Part | None:
        if issubclass(type(found), type) and (part := self._class(found)) is not None:
            return part
        if issubclass(type(owner), type):
            defined = next((vars(base)[name] for base in owner.__mro__ if name in vars(base)), None)
            return self._function(found) or self._function(defined) or self._class(owner)
        path = self._below(getattr(owner, "__file__", None))
        return self._function(found) or (None if path is None else (path, name))

    def _function(self, found: Any) -> Part | None:
        """Returns the learner's function that is called in the end, whatever it is wrapped in."""
        part = None
        for _ in range(DEEPEST):
            kind = type(found)
            if kind in (MethodType, staticmethod, classmethod):
                found = found.__func__
            elif kind is property:
                found = found.fget
            elif kind is functools.partial:
                found = found.func
            elif kind is _REMEMBERING:
                found = found.__wrapped__
            elif kind is FunctionType:
                code: CodeType = found.__code__
                # A lambda is found by the name that it was given.
                part = (None if code.co_name == "<lambda>" else function_of(code, self._root)) or part
                found = found.__dict__.get("__wrapped__")
            else:
                break
        return part

    def _class(self, cls: type) -> Part | None:
        path = self._below(getattr(sys.modules.get(cls.__module__), "__file__", None))
        return None if path is None else (path, outermost(cls.__qualname__))

    def _below(self, path: object) -> str | None:
        return path.removeprefix(self._root) if isinstance(path, str) and path.startswith(self._root) else None

