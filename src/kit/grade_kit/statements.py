"""Finds the statements of a module, as the places at which it can be seen that a run comes by. Runs none of it.

Not counted is what no test is expected to reach: docstrings, abstract methods and others that are only declared, what runs for type checkers or when
the file is the program.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def stops_of(tree: ast.Module, places: Mapping[int, ast.AST]) -> list[list[int]]:
    """Returns for every statement the line before which something can be put, how far that line is indented, and the line in the learner's file,
    which `places` gives for the id of a node."""
    return [[_first_line(each), each.col_offset, getattr(places.get(id(each), each), "lineno", 1)] for each in _statements(tree.body)]


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yields what stands in a body, and what hangs below. It may be nested deeper than we may."""
    ahead = [body]
    while ahead:
        for number, each in enumerate(ahead.pop()):
            if not _is_uncounted(each, is_first=number == 0):
                yield each
                ahead += _below(each)


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])


def _is_uncounted(node: ast.stmt, *, is_first: bool) -> bool:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return node.value.value is ... or (is_first and isinstance(node.value.value, str))
    if isinstance(node, ast.If):
        return not names_in(node.test).isdisjoint({"__name__", "TYPE_CHECKING"})
    if isinstance(node, ast.Raise):
        return node.exc is not None and "NotImplemented" in ast.unparse(node.exc)
    return isinstance(node, ast.Global | ast.Nonlocal) or (isinstance(node, ast.ImportFrom) and node.module == "__future__")


def names_in(node: ast.expr) -> set[str]:
    """Returns the names and attributes that stand in an expression."""
    named = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    return named | {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}


def is_declared_only(node: _Function) -> bool:
    """Whether a function is there for others to write."""
    return any("abstract" in ast.unparse(each) or "overload" in ast.unparse(each) for each in node.decorator_list)


def is_protocol(node: ast.ClassDef) -> bool:
    """Whether a class only says what others must have."""
    return any("Protocol" in ast.unparse(base) for base in node.bases)


def _below(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    if isinstance(node, _Function) and is_declared_only(node):
        return
    if isinstance(node, ast.ClassDef) and is_protocol(node):
        return
    for name in ("body", "orelse", "finalbody"):
        body = getattr(node, name, [])
        # `elif` is an `if` of its own in the tree, but nothing can be put before it.
        if name == "orelse" and isinstance(node, ast.If) and len(body) == 1 and isinstance(body[0], ast.If):
            yield from _below(body[0])
        elif isinstance(body, list):
            yield body
    for part in [*getattr(node, "handlers", []), *getattr(node, "cases", [])]:
        yield part.body
