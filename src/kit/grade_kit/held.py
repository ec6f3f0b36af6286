"""What modules of the learner's hold, so that it can be put back before another probe runs in the same process.

What lists, dicts, sets and deques have in them, and the attributes of modules, classes and objects: wherever one comes from the modules by
names, attributes, defaults and closures. And which of the learner's modules have been imported. Not what C code keeps for itself, such as where
an iterator stands.
"""

from __future__ import annotations

import functools
import os
import sys
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from types import FunctionType
from typing import Any

# How many things are looked at, and how many are in one of them: whoever holds more at import has a table there and no state.
MAX_THINGS, MAX_ITEMS = 20_000, 2_000

_DICTS = (dict, OrderedDict, defaultdict, Counter)
_LISTS = (list, deque, bytearray)
_SIZED = (*_DICTS, *_LISTS, set, frozenset, tuple)
_ATOMS = (int, str, float, bool, bytes, type(None))
# A function under `functools.cache` or `lru_cache`.
_REMEMBERING = type(functools.cache(len))
# What is no attribute of a class, or cannot be set.
_UNSETTABLE = frozenset({"__dict__", "__weakref__", "__doc__", "__module__", "__qualname__", "_abc_impl"})


class Held:
    """What the learner's modules, which are those below `root`, hold at one moment."""

    def __init__(self, modules: Iterable[str], root: str) -> None:
        self._modules = frozenset(modules)
        self._root = root + os.sep
        self._imported = frozenset(sys.modules)
        # What to do with which thing and its copy. The thing is kept, so that no other one comes to its place.
        self._notes: list[tuple[Callable[[Any, Any], None], Any, Any]] = []
        # Those whose results are remembered, each with what forgets them.
        self._forgetters: list[Callable[[], object]] = []
        self._seen: set[int] = set()
        waiting = [vars(sys.modules[name]) for name in self._modules if name in sys.modules]
        while waiting and len(self._seen) < MAX_THINGS:
            waiting.extend(self._look_at(waiting.pop()))

    def put_back(self) -> None:
        """Makes everything what it was."""
        for name in sys.modules.keys() - self._imported:
            if str(getattr(sys.modules[name], "__file__", None)).startswith(self._root):
                del sys.modules[name]
        for put, thing, copy in self._notes:
            put(thing, copy)
        for forget in self._forgetters:
            forget()

    def _look_at(self, thing: Any) -> Iterator[Any]:
        """Takes note of a thing, and yields what it leads to."""
        kind = type(thing)
        if kind in _ATOMS or id(thing) in self._seen or (kind in _SIZED and len(thing) > MAX_ITEMS):
            return
        self._seen.add(id(thing))
        if kind in _DICTS:
            self._note(_put_back_keys, thing, thing.copy())
            yield from thing.values()
        elif kind in _LISTS:
            self._note(_put_back_items, thing, thing.copy())
            yield from thing if kind is not bytearray else ()
        elif kind is set:
            self._note(_put_back_members, thing, thing.copy())
            yield from thing
        elif kind in (tuple, frozenset):
            yield from thing
        elif kind is FunctionType:
            yield from self._within(thing)
        elif issubclass(kind, type):
            if thing.__module__ in self._modules:
                self._note(_put_back_attributes, thing, dict(vars(thing)))
                yield from vars(thing).values()
        elif kind in (staticmethod, classmethod, property):
            yield from (getattr(thing, name, None) for name in ("__func__", "fget", "fset", "fdel"))
        elif kind.__module__ in self._modules:
            yield getattr(thing, "__dict__", None)
        elif kind is _REMEMBERING:
            self._forgetters.append(thing.cache_clear)
            yield thing.__wrapped__

    def _within(self, function: FunctionType) -> Iterator[Any]:
        if function.__module__ in self._modules:
            yield function.__dict__
            yield function.__defaults__
            yield function.__kwdefaults__
            for cell in function.__closure__ or ():
                try:
                    content = cell.cell_contents
                except ValueError:
                    # Nothing is in it yet.
                    continue
                self._note(_put_back_content, cell, content)
                yield content

    def _note(self, put: Callable[[Any, Any], None], thing: Any, copy: Any) -> None:
        self._notes.append((put, thing, copy))


def _put_back_keys(thing: Any, copy: Any) -> None:
    # In the old order too, which is seen where it is gone through.
    if list(map(id, thing.values())) != list(map(id, copy.values())) or list(thing) != list(copy):
        thing.clear()
        thing.update(copy)


def _put_back_items(thing: Any, copy: Any) -> None:
    thing.clear()
    thing.extend(copy)


def _put_back_members(thing: Any, copy: Any) -> None:
    thing.clear()
    thing.update(copy)


def _put_back_content(cell: Any, content: Any) -> None:
    cell.cell_contents = content


def _put_back_attributes(cls: Any, copy: dict[str, Any]) -> None:
    now = dict(vars(cls))
    for name in now.keys() - copy.keys() - _UNSETTABLE:
        type.__delattr__(cls, name)
    for name, held in copy.items():
        if now.get(name) is not held and name not in _UNSETTABLE:
            type.__setattr__(cls, name, held)
