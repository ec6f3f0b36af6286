"""What probes observed with one submission, for others that differ from it only where these probes did not come by.

A pack's wrong solution is a correct one with a fault in it. A probe that ran none of the functions that the fault changes observes the same with both,
so it need not run again: the proof of a pack would do the same work some thirty times for each correct solution. Only such proofs recall anything. A
candidate says itself by which functions a probe came, which a learner's code could make it lie about; a pack's own code has no reason to.

What counts is the compiled code: two functions are the same if their instructions, constants and names are. Whatever else is of a file (its
imports, classes, signatures, decorators, docstrings) is its frame, and who ran a file's own code depends on that. Who read a file depends on its text, and who
listed a folder on which files there are. Where a part differs that ran while the modules were imported, or any file that is no Python, nothing is
recalled. Nor is a probe's observation kept if it started a thread or a process: then what is seen of it is not all that it depends on.

A test that passed passes again where all is recalled that it asked, unless it looks at the source as well.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import os
from collections.abc import Iterator
from types import CodeType
from typing import Any, NamedTuple

from .watch import LISTING, MODULE, TEXT, Part


class Outline(NamedTuple):
    """What a Python file consists of."""

    # Its frame, as a digest.
    frame: str
    # Its functions by name, each as a digest; where a name is given twice, of both.
    functions: dict[str, str]
    # All of it, as a digest.
    text: str


def outline(text: bytes, path: str) -> Outline:
    """Returns what a Python file consists of. Raises what compiling it raises."""
    functions: dict[str, str] = {}
    frame = hashlib.sha256()
    for part in _frame(compile(text, path, "exec", dont_inherit=True), functions):
        frame.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return Outline(frame.hexdigest(), functions, hashlib.sha256(text).hexdigest())


def _frame(code: CodeType, functions: dict[str, str]) -> Iterator[str]:
    """Yields what a file's or a class's code consists of, and adds the functions in it."""
    yield from _plain(code)
    for constant in code.co_consts:
        if not isinstance(constant, CodeType):
            yield _shown(constant)
        elif constant.co_flags & inspect.CO_OPTIMIZED:
            yield _signature(constant)
            known = functions.get(constant.co_qualname, "")
            functions[constant.co_qualname] = known + _digest(constant)
        else:
            yield from _frame(constant, functions)


def _plain(code: CodeType) -> Iterator[str]:
    yield code.co_code.hex()
    yield code.co_exceptiontable.hex()
    yield repr((code.co_names, code.co_varnames, code.co_cellvars, code.co_freevars, code.co_flags))
    yield repr((code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_qualname))


def _signature(code: CodeType) -> str:
    """Returns what can be seen of a function without calling it."""
    arguments = code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & inspect.CO_VARARGS) + bool(code.co_flags & inspect.CO_VARKEYWORDS)
    doc = code.co_consts[0] if code.co_consts else None
    counts = (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount)
    return repr((code.co_qualname, code.co_flags, counts, code.co_varnames[:arguments], doc if isinstance(doc, str) else None))


def _digest(code: CodeType) -> str:
    digest = hashlib.sha256()
    for part in _whole(code):
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()


def _whole(code: CodeType) -> Iterator[str]:
    yield from _plain(code)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _whole(constant)
        else:
            yield _shown(constant)


def _shown(constant: object) -> str:
    # The order of a set is its own affair.
    plain = sorted(map(repr, constant)) if isinstance(constant, frozenset) else constant
    return f"{type(constant).__name__} {plain!r}"


class Files(NamedTuple):
    """A submission's files."""

    # The outline of each Python file.
    outlines: dict[str, Outline]
    # The digest of each of the others, and of Python files that cannot be compiled.
    others: dict[str, str]


def files_below(root: str) -> Files:
    """Reads a submission."""
    found = Files({}, {})
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in names:
            place = os.path.join(folder, name)
            path = os.path.relpath(place, root)
            with open(place, "rb") as file:
                content = file.read()
            try:
                if name.endswith(".py"):
                    found.outlines[path] = outline(content, path)
                    continue
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                pass
            found.others[path] = hashlib.sha256(content).hexdigest()
    return found


class Memory:
    """What the probes of a suite have observed with the submission below `root`: to be kept in a file, or to be taken from one."""

    def __init__(self, root: str, keep: str | None, use: str | None) -> None:
        self._keep = keep
        self._entries: dict[str, dict[str, Any]] = {}
        # What each test that passed has asked, as keys of entries.
        self._tests: dict[str, list[str]] = {}
        # What the present test has asked, and whether all of it can be recalled.
        self._asked: list[str] = []
        self._is_whole = True
        self._files = files_below(root)
        self._imported: list[Part] | None = None
        self._changed: set[Part] | None = None
        if use is not None:
            try:
                with open(use, encoding="utf-8") as file:
                    self._take(json.load(file))
            except FileNotFoundError:
                # The other submission has not been examined, or not to its end.
                pass

    def _take(self, kept: dict[str, Any]) -> None:
        old = Files({path: Outline(*each) for path, each in kept["outlines"].items()}, kept["others"])
        self._entries, self._tests = kept["entries"], kept["tests"]
        imported = {(path, name) for path, name in kept["imported"]}
        changed = _changed(old, self._files)
        self._changed = None if changed is None or changed & imported else changed

    @property
    def keeps(self) -> bool:
        """Whether candidates are to say by which parts of the submission they come."""
        return self._keep is not None

    def imported(self, reach: object) -> None:
        """Hears by which parts of the submission the import of the modules came."""
        self._imported = reach if isinstance(reach, list) else None

    def known(self, request: dict[str, Any]) -> dict[str, Any] | None:
        """Returns what a request is answered with, where that is known."""
        key = key_of(request)
        return dict(self._entries[key]["reply"]) if self._holds(key) else None

    def _holds(self, key: str) -> bool:
        """Whether what was answered then would be answered again."""
        entry = self._entries.get(key)
        if self._changed is None or entry is None:
            return False
        return not any((path, name) in self._changed for path, name in entry["reach"])

    def passes(self, test: str) -> bool:
        """Whether it is known that a test passes that does not look at the source."""
        asked = self._tests.get(test, [])
        return bool(asked) and all(map(self._holds, asked))

    def begin(self) -> None:
        """Hears that a test begins."""
        self._asked, self._is_whole = [], True

    def note(self, request: dict[str, Any], reply: dict[str, Any]) -> None:
        """Hears what a request was answered with."""
        reach = reply.pop("reach", None)
        if self._keep is None:
            return
        if reach is None or reply.get("kind") not in ("returned", "raised"):
            self._is_whole = False
            return
        key = key_of(request)
        self._entries[key] = {"reach": reach, "reply": dict(reply)}
        self._asked.append(key)

    def passed(self, test: str) -> None:
        """Hears that the present test has passed."""
        if self._keep is not None and self._is_whole:
            self._tests[test] = self._asked

    def close(self) -> None:
        """Writes what has been heard, whole or not at all."""
        if self._keep is None or self._imported is None:
            return
        kept = {**self._files._asdict(), "imported": self._imported, "entries": self._entries, "tests": self._tests}
        with open(f"{self._keep}.new", "w", encoding="utf-8") as file:
            json.dump(kept, file)
        os.replace(f"{self._keep}.new", self._keep)


def key_of(request: dict[str, Any]) -> str:
    """Returns what stands for a request; two that ask the same have the same."""
    asked = {name: request[name] for name in ("probe", "name", "args", "kwargs", "timeout")}
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def _changed(old: Files, new: Files) -> set[Part] | None:
    """Returns the parts that differ, or nothing where there is no saying what depends on them."""
    if old.others != new.others:
        return None
    changed: set[Part] = set()
    for path in old.outlines.keys() | new.outlines.keys():
        before, after = old.outlines.get(path), new.outlines.get(path)
        if before is None or after is None:
            # Somebody may import the one in the place of another.
            if not _is_test(path):
                return None
            changed |= {LISTING, (path, TEXT), (path, MODULE)}
            continue
        names = before.functions.keys() | after.functions.keys()
        if before.frame != after.frame:
            changed |= {(path, MODULE), *((path, name) for name in names)}
        if before.text != after.text:
            changed.add((path, TEXT))
        changed |= {(path, name) for name in names if before.functions.get(name) != after.functions.get(name)}
    return changed


def _is_test(path: str) -> bool:
    name = os.path.basename(path)
    return name.startswith("test") or name.endswith("_test.py") or name == "conftest.py"
