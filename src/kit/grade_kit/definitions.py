"""Finds where things are defined in a learner's files, so that a finding can say where to look. The files are read, never run."""

from __future__ import annotations

import ast
import functools
import os
from collections.abc import Iterator, Sequence
from typing import Any

from .watch import Part

# How many are shown of a finding.
MOST = 3
# Bytes of the longest file in which names are looked up: to parse one takes up to a second.
LONGEST = 256 * 1024


class Definitions:
    """Where things are defined in the files below `root`."""

    def __init__(self, root: str) -> None:
        self._root = root

    def of(self, parts: Sequence[Part]) -> list[dict[str, Any]]:
        """Returns where the last of these parts are: path, line from 1 and name; no line and no name for a file. Whoever names them may have invented them."""
        found: dict[Part, int | None] = {}
        for path, name in parts:
            lines = self._lines(path)
            if lines is not None:
                part = (path, name if name in lines else "")
                found.setdefault(part, lines.get(part[1]))
        shown = [part for part in found if not any(_is_within(other, part) for other in found)]
        # How a thing is made says the least, and what is done last the most.
        shown = [part for part in shown if not part[1].endswith(".__init__")] or shown
        return [{"path": path, "line": found[path, name], "name": name or None} for path, name in shown[-MOST:]]

    @functools.cache  # noqa: B019 - it lives as long as the examination
    def _lines(self, path: str) -> dict[str, int] | None:
        """Returns the line of everything that a file defines, by name; nothing where it is no Python file of the submission."""
        if not path.endswith(".py") or os.path.normpath(path) != path:
            return None
        try:
            place = os.path.realpath(os.path.join(self._root, path), strict=True)
            if not place.startswith(os.path.realpath(self._root) + os.sep):
                return None
            with open(place, "rb") as file:
                text = file.read(LONGEST + 1)
        except (OSError, ValueError):
            return None
        try:
            # Where a name is given twice the first counts, such as that of a property and not of what sets it.
            return dict(reversed(list(_definitions(ast.parse(text))))) if len(text) <= LONGEST else {}
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return {}


def _is_within(inner: Part, outer: Part) -> bool:
    """Whether a part belongs to another: everything to its file, a method to its class."""
    return inner != outer and inner[0] == outer[0] and inner[1].startswith(f"{outer[1]}." if outer[1] else "")


def _definitions(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yields the name and the line of each function, class and variable, but not of what is within functions."""
    ahead: list[tuple[ast.AST, str]] = [(node, "") for node in reversed(tree.body)]
    while ahead:
        node, owner = ahead.pop()
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield owner + name, node.lineno
                continue
            case ast.ClassDef(name=name):
                yield owner + name, node.lineno
                owner = f"{owner}{name}."
            case ast.Assign(targets=targets):
                yield from ((owner + target.id, node.lineno) for target in targets if isinstance(target, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield owner + name, node.lineno
        inner = [each for each in ast.iter_child_nodes(node) if isinstance(each, ast.stmt | ast.excepthandler | ast.match_case)]
        ahead += [(each, owner) for each in reversed(inner)]
