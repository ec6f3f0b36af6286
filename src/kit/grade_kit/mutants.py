"""Makes faulty versions (*mutants*) of a learner's module, for the learner's own tests to notice. Runs none of it.

A mutant differs from the module in one small thing that a person may get wrong: a limit that is off by one, a sum that is a difference, a
step that is left out. Its text is the module as `ast.unparse` writes it, with one piece replaced; the module written that way with nothing
replaced is its *neutral version*, which tests of what the module does cannot tell from the module.

Tests could compare the text, or its syntax tree, with what they know, instead of trying the module. So what is changed stands beside what stood there
before, with a condition that says which of them it is; there are such pairs at other places too, neutral versions included, with a condition that
leaves everything as it was; and some functions begin with a line that does nothing. Which pair is the fault can be computed, but not seen.

Which mutants are made depends on the module alone, so that a verdict does not depend on chance.
"""

from __future__ import annotations

import ast
import os
import random
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from . import statements
from .marks import equation, idle_line

# Larger modules have no mutants: a learner's has a tenth of it.
MAX_TEXT = 200_000
# Lines of a mutant that are shown, before and after.
MAX_SHOWN = 6
# How many neutral versions there are to choose from.
NEUTRAL = 3
# Places in a version at which there is a choice that leaves everything as it was.
PAIRS = 6

_Function = ast.FunctionDef | ast.AsyncFunctionDef

_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
}
_OPERATIONS: dict[type[ast.operator], str] = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "+",
    ast.Div: "*",
    ast.FloorDiv: "*",
    ast.Mod: "*",
    ast.Pow: "*",
}
# Functions whose text is for people, and what shows a module off: their mutants are taken when there are no others.
_FOR_PEOPLE = ("__repr__", "__str__", "__format__", "main", "demo", "example", "benchmark")


# What would take a part of an expression beside it that has no brackets.
_BINDING = ast.BinOp | ast.BoolOp | ast.Compare | ast.UnaryOp | ast.IfExp | ast.Await | ast.Starred | ast.Attribute


# Changes of these ranks are tried before others, those of the smallest number first.
_EASE = {2: -3, 1: -2, 0: -1}


class Change(NamedTuple):
    """One piece of a module, and what makes the text that stands there in a mutant. Lower ranks are taken first."""

    function: str
    rank: int
    node: ast.AST
    text: Callable[[], str]


def _keys(tree: ast.AST) -> set[int]:
    """Returns the identities of what something is found by or told apart by: what is compared, a subscript, the keys of a dict."""
    found: set[int] = set()
    for node in ast.walk(tree):
        parts = [node.slice] if isinstance(node, ast.Subscript) else node.keys if isinstance(node, ast.Dict) else [node]
        if isinstance(node, ast.Compare | ast.Subscript | ast.Dict):
            found |= {id(each) for part in parts if part is not None for each in ast.walk(part)}
    return found


def _is_for_people(change: Change, keys: set[int]) -> bool:
    """Whether a change is one of wording, or of what shows the module off: for people, and nothing that a day asks about. Learners' tests are
    tried on such mutants too, where there are no others."""
    if any(name.startswith(_FOR_PEOPLE) for name in change.function.split(".")):
        return True
    node = change.node
    is_text = isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
    return is_text and id(node) not in keys


class _Finder:
    """Finds what can be changed in a module."""

    def __init__(self, tree: ast.Module) -> None:
        self.found: list[Change] = []
        self._visit_body(tree.body, "", in_while=False)

    def _add(self, function: str, rank: int, node: ast.AST, text: Callable[[], str]) -> None:
        name = function.rsplit(".", 1)[-1]
        self.found.append(Change(function, rank + 10 * name.startswith(_FOR_PEOPLE), node, text))

    def _visit_body(self, body: Iterable[ast.stmt], function: str, *, in_while: bool) -> None:
        for statement in body:
            self._visit(statement, function, in_while)

    def _visit(self, node: ast.stmt, function: str, in_while: bool) -> None:
        """Looks at a statement. A changed condition of a loop may never end, which is noticed late and teaches nobody."""
        if _is_left_out(node):
            return
        inner = f"{function}.{node.name}".strip(".") if isinstance(node, _Function | ast.ClassDef) else function
        self._statement(node, function, in_while)
        for part in _expressions(node):
            self._expression(part, node, inner)
        for body in _bodies(node):
            self._visit_body(body, inner, in_while=in_while or isinstance(node, ast.While))

    def _statement(self, node: ast.stmt, function: str, in_while: bool) -> None:
        if isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
            self._add(function, 2, node, lambda: "return None")
        elif isinstance(node, ast.Raise):
            self._add(function, 1, node, lambda: "pass")
        elif isinstance(node, ast.Delete) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
            self._add(function, 2, node, lambda: "pass")
        elif isinstance(node, ast.Assign) and not in_while and any(isinstance(each, ast.Attribute | ast.Subscript) for each in node.targets):
            self._add(function, 3, node, lambda: "pass")
        elif isinstance(node, ast.AugAssign) and not in_while and (other := _OPERATIONS.get(type(node.op))):
            self._add(function, 1, node, lambda: f"{ast.unparse(node.target)} {other}= {ast.unparse(node.value)}")
        elif isinstance(node, ast.If) and not isinstance(node.test, ast.Compare | ast.BoolOp | ast.UnaryOp):
            self._add(function, 2, node.test, lambda: f"not {_bracketed(node.test)}")

    def _expression(self, node: ast.AST, parent: ast.AST, function: str) -> None:
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            other = _COMPARISONS[type(node.ops[0])]
            self._add(function, 0, node, lambda: _beside(parent, node, f"{ast.unparse(node.left)} {other} {ast.unparse(node.comparators[0])}"))
        elif isinstance(node, ast.BoolOp):
            word = " or " if isinstance(node.op, ast.And) else " and "
            self._add(function, 2, node, lambda: _beside(parent, node, word.join(map(_bracketed, node.values))))
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            self._add(function, 1, node, lambda: _bracketed(node.operand))
        elif isinstance(node, ast.BinOp) and not _is_text(node) and (swapped := _OPERATIONS.get(type(node.op))):
            self._add(function, 1, node, lambda: _beside(parent, node, f"{_bracketed(node.left)} {swapped} {_bracketed(node.right)}"))
        elif isinstance(node, ast.Constant):
            self._constant(node, function)
        elif isinstance(node, ast.JoinedStr):
            self._add(function, 5, node, lambda: "'another text'")
            return
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr | ast.keyword | ast.comprehension):
                self._expression(child, node, function)

    def _constant(self, node: ast.Constant, function: str) -> None:
        value = node.value
        if isinstance(value, bool):
            self._add(function, 1, node, lambda: str(not value))
        elif isinstance(value, int | float):
            self._add(function, 3, node, lambda: repr(value + 1))
        elif isinstance(value, str) and value:
            self._add(function, 6, node, lambda: "'another text'")


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_text(node: ast.BinOp) -> bool:
    """Whether texts are put together or filled in, which no other operation can do."""
    return any(isinstance(each, ast.JoinedStr) or (isinstance(each, ast.Constant) and isinstance(each.value, str)) for each in (node.left, node.right))


def _bracketed(node: ast.expr) -> str:
    loose = isinstance(node, ast.BinOp | ast.BoolOp | ast.Compare | ast.UnaryOp | ast.IfExp | ast.Lambda)
    return f"({ast.unparse(node)})" if loose else ast.unparse(node)


def _beside(parent: ast.AST, node: ast.AST, text: str) -> str:
    """Returns the text of an expression as it can stand in its parent."""
    is_called = (isinstance(parent, ast.Call) and node is parent.func) or (isinstance(parent, ast.Subscript) and node is parent.value)
    return f"({text})" if is_called or isinstance(parent, _BINDING) else text


def _is_left_out(node: ast.stmt) -> bool:
    """Whether nothing in a statement is worth a mutant: a docstring, an import, what only type checkers or nobody who imports runs."""
    if isinstance(node, ast.Import | ast.ImportFrom | ast.Pass | ast.Assert | ast.Global | ast.Nonlocal):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.If):
        return not statements.names_in(node.test).isdisjoint({"__name__", "TYPE_CHECKING"})
    if isinstance(node, ast.Raise):
        return node.exc is not None and "NotImplemented" in ast.unparse(node.exc)
    if isinstance(node, ast.Assign | ast.AnnAssign):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        return isinstance(target, ast.Name) and (target.id in ("__all__", "__slots__", "__version__") or _makes_a_type(node.value))
    if isinstance(node, _Function):
        return statements.is_declared_only(node)
    return isinstance(node, ast.ClassDef) and statements.is_protocol(node)


def _makes_a_type(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Call) and ast.unparse(value.func).rsplit(".", 1)[-1] in ("TypeVar", "ParamSpec", "NewType", "TypedDict", "NamedTuple")


def _expressions(node: ast.stmt) -> Iterator[ast.expr]:
    """Yields the expressions of a statement that do something when the program runs: no annotation, no decorator, no base class, no
    message of an exception, no condition of a loop, and no line that only waits."""
    if isinstance(node, _Function):
        yield from (each for each in [*node.args.defaults, *node.args.kw_defaults] if each is not None)
    elif isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Return | ast.Expr):
        if node.value is not None:
            yield node.value
    elif isinstance(node, ast.If):
        yield node.test
    elif isinstance(node, ast.For | ast.AsyncFor):
        yield node.iter
    elif isinstance(node, ast.With | ast.AsyncWith):
        yield from (item.context_expr for item in node.items)
    elif isinstance(node, ast.Match):
        yield node.subject


def _bodies(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        body = getattr(node, name, [])
        if isinstance(body, list):
            yield body
    for part in [*getattr(node, "handlers", []), *getattr(node, "cases", [])]:
        yield part.body


def of_module(text: str, count: int, *, with_statements: bool) -> dict[str, Any] | None:
    """Returns neutral versions of a module and at the most `count` mutants, or nothing where it has none; and where they are wanted its
    statements, with the text that they stand in."""
    if len(text) > MAX_TEXT:
        return None
    try:
        original = ast.parse(text)
        neutral = ast.unparse(original) + "\n"
        rewritten = ast.parse(neutral)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    # Both trees have the same nodes in the same order: one knows where they stand in the learner's text.
    places = dict(zip(map(id, ast.walk(rewritten)), ast.walk(original), strict=False))
    lines, shown_lines = neutral.encode().splitlines(keepends=True), text.encode().splitlines(keepends=True)
    found = _Finder(rewritten).found
    disguise = _Disguise(rewritten, found, lines)
    keys = _keys(rewritten)
    mutants = []
    for number, change in enumerate(_spread(found, count)):
        place, changed = places[id(change.node)], change.text()
        mutants.append(
            {
                "function": change.function,
                "line": getattr(place, "lineno", 1),
                "before": _shown(shown_lines, place, None),
                "after": _shown(shown_lines, place, changed),
                "for_people": _is_for_people(change, keys),
                "text": disguise.version(change, number),
            }
        )
    neutral_versions = [disguise.version(None, count + number) for number in range(NEUTRAL)]
    made: dict[str, Any] = {"neutral": neutral_versions, "mutants": mutants}
    if with_statements:
        made["statements"] = {"text": neutral, "stops": statements.stops_of(rewritten, places)}
    return made if mutants or with_statements else None


class _Disguise:
    """Writes versions of a module that cannot be told apart by comparing."""

    def __init__(self, tree: ast.Module, found: list[Change], lines: list[bytes]) -> None:
        self._found, self._lines = found, lines
        bodies = [each.body for each in ast.walk(tree) if isinstance(each, _Function)]
        firsts = [_after_docstring(body) for body in bodies]
        self._beginnings = sorted({(first.lineno, first.col_offset) for first in firsts if not getattr(first, "decorator_list", [])})

    def version(self, change: Change | None, number: int) -> str:
        """Returns the text with this change, or with none. With the same number it is the same again."""
        draw = random.Random(f"{number} of {len(self._lines)}")
        pairs = {} if change is None else {_span(change): (change, True)}
        for other in draw.sample(self._found, min(len(self._found), PAIRS)):
            if not any(_meet(_span(other), span) for span in pairs):
                pairs[_span(other)] = (other, False)
        lines = list(self._lines)
        # From the end, so that places before stay where they are.
        for (first, last), (each, is_fault) in sorted(pairs.items(), reverse=True, key=lambda pair: pair[0]):
            lines[first - 1 : last] = _replaced(self._lines, each.node, _pair(each, is_fault=is_fault, draw=draw))[first - 1 : first]
        return b"".join(self._with_idle_lines(lines, list(pairs), draw)).decode()

    def _with_idle_lines(self, lines: list[bytes], spans: list[tuple[int, int]], draw: random.Random) -> list[bytes]:
        for line, indent in reversed(self._beginnings):
            if not any(first < line <= last for first, last in spans) and draw.random() < 0.5:
                # What was replaced is one line now.
                at = line - 1 - sum(last - first for first, last in spans if last < line)
                lines.insert(at, idle_line(indent, draw))
        return lines


def _span(change: Change) -> tuple[int, int]:
    node: Any = change.node
    return node.lineno, node.end_lineno


def _meet(span: tuple[int, int], other: tuple[int, int]) -> bool:
    return span[0] <= other[1] and other[0] <= span[1]


def _pair(change: Change, *, is_fault: bool, draw: random.Random) -> str:
    """Returns what stands in the place of a change: what it makes, and what stood there before, and which of them it is."""
    node, changed, original = change.node, change.text(), ast.unparse(change.node)
    holds = equation(draw, holds=is_fault)
    if isinstance(node, ast.Return) and node.value is not None:
        return f"return None if {holds} else ({ast.unparse(node.value)})"
    if isinstance(node, ast.AugAssign):
        indent = " " * node.col_offset
        return f"if {holds}: {changed}\n{indent}else: {original}"
    if isinstance(node, ast.stmt):
        return f"if not {holds}: {original}"
    return f"(({changed}) if {holds} else ({original}))"


def _after_docstring(body: list[ast.stmt]) -> ast.stmt:
    has_docstring = len(body) > 1 and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    return body[1] if has_docstring else body[0]


def _spread(changes: list[Change], count: int) -> list[Change]:
    """Chooses from every function in turn, from each what ranks first, and never two at the same place in a row."""
    by_function: dict[str, list[Change]] = {}
    for change in sorted(changes, key=lambda change: change.rank):
        by_function.setdefault(change.function, []).append(change)
    chosen: list[Change] = []
    queues = sorted(by_function.values(), key=lambda queue: queue[0].rank)
    while queues and len(chosen) < count:
        for queue in queues:
            if len(chosen) < count:
                chosen.append(queue.pop(0))
        queues = [queue for queue in queues if queue]
    # As soon as enough are noticed no more are tried: what is left out altogether is noticed most easily.
    return sorted(chosen, key=lambda change: _EASE.get(change.rank, change.rank))


def _replaced(lines: list[bytes], node: Any, text: str) -> list[bytes]:
    """Returns lines with another text in a node's place. Columns are counted in bytes."""
    first, last = node.lineno - 1, node.end_lineno - 1
    head, tail = lines[first][: node.col_offset], lines[last][node.end_col_offset :]
    return [*lines[:first], head + text.encode() + tail, *lines[last + 1 :]]


def _shown(lines: list[bytes], node: Any, text: str | None) -> str:
    """Returns the learner's own lines in which a node stands, with another text in its place if there is one, not indented."""
    first, last = node.lineno - 1, node.end_lineno
    changed = lines[first:last] if text is None else [_replaced(lines, node, text)[first]]
    shown = b"".join(changed).decode().strip().splitlines()
    return "\n".join(shown[:MAX_SHOWN])


def of_day(texts: dict[str, str], modules: list[str], tests: dict[str, str], count: int, *, with_statements: bool) -> dict[str, Any]:
    """Returns the neutral versions and at the most `count` mutants of these modules and of what they import, by path; where there are tests,
    of those only that the tests import."""
    paths = _closure(texts, modules)
    # What is loaded by name only is not seen to be imported.
    paths = paths & _closure({**texts, **tests}, list(tests)) or paths
    made = {path: found for path in sorted(paths) if (found := of_module(texts[path], count, with_statements=with_statements))}
    # Small files leave their share to large ones.
    while sum(len(found["mutants"]) for found in made.values()) > count:
        max(made.values(), key=lambda found: len(found["mutants"]))["mutants"].pop()
    return {path: found for path, found in made.items() if found["mutants"] or with_statements}


def _closure(texts: dict[str, str], modules: list[str]) -> set[str]:
    """Returns these modules and those of the files that they import, directly or through each other."""
    found: set[str] = set()
    queue = [path for path in modules if path in texts]
    while queue:
        path = queue.pop()
        if path not in found:
            found.add(path)
            wanted = set(_imported(path, texts[path]))
            queue += [other for other in texts if _ends_in(other, wanted)]
    return found


def _imported(path: str, text: str) -> Iterator[str]:
    """Yields the paths, without their beginning and their ending, that the imports of a file may mean."""
    folder = os.path.dirname(path)
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.replace(".", "/") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = folder
            for _ in range(node.level - 1):
                base = os.path.dirname(base)
            named = (node.module or "").replace(".", "/")
            parts = [part for part in ((base if node.level else ""), named) if part]
            yield "/".join(parts)
            yield from ("/".join([*parts, alias.name]) for alias in node.names)


def _ends_in(path: str, wanted: set[str]) -> bool:
    stem = path.removesuffix(".py").removesuffix("/__init__")
    parts = stem.split("/")
    return any("/".join(parts[index:]) in wanted for index in range(len(parts)))
