"""Reads a learner's files as syntax and says what is in them: tests, annotations, blanket excuses. Runs none of it.

Takes `{"files": [paths], "mutants": {day: {"modules": [paths], "files": [paths], "tests": [paths], "count": n, "statements": bool}}}` on standard
input and answers `{"files": {path: facts}, "mutants": {day: {path: versions}}}`. It runs in the sandbox, because even a parser fed by strangers belongs there, but what it says can be relied on: no learner's code runs in it.
"""

from __future__ import annotations

import ast
import functools
import io
import json
import os
import re
import sys
import tokenize
import warnings
from collections.abc import Iterator
from typing import Any

from . import mutants

# A file's comments that excuse it as a whole, or a line without saying from what.
_WHOLE_FILE = re.compile(r"#\s*(mypy:|ruff:\s*(noqa|file-ignore|disable)|flake8[:=]\s*noqa|pylint:\s*skip-file)", re.IGNORECASE)
# To mypy empty brackets are as good as none.
_BARE_IGNORE = re.compile(r"#\s*type:\s*ignore(?!\[\s*\w)", re.IGNORECASE)
_BARE_NOQA = re.compile(r"#\s*noqa(?!\s*:)", re.IGNORECASE)

# The names of files that hold fixtures and helpers of tests.
_SUPPORT = re.compile(r"_?(conftest|(tests?_)?(helpers?|utils?|support|factory|factories|fixtures)(_\w*)?)\.py$")

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def facts_of(text: str, support: list[ast.Module]) -> dict[str, Any]:
    """Returns the facts of one file. `support` is what its tests may use besides: see `_support_of`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except SyntaxError as error:
        return {"error": {"message": error.msg, "line": error.lineno}}
    except (ValueError, RecursionError, MemoryError) as error:
        return {"error": {"message": f"cannot be parsed: {error}", "line": None}}
    return {
        "tests": list(Tests(tree, support).all()),
        "functions": _annotations(tree),
        "excuses": _excuses(text),
        "fixtures": sorted(_arguments_of_tests(tree)),
        "components": sorted(_components(tree)),
    }


def _excuses(text: str) -> dict[str, list[int]]:
    """Returns the lines of comments that excuse too much, by what they excuse from."""
    found: dict[str, list[int]] = {"types": [], "lint": []}
    code_seen = False
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            line, comment = token.start[0], token.string
            whole = _WHOLE_FILE.match(comment)
            if whole:
                found["types" if "mypy" in whole.group(1).lower() else "lint"].append(line)
            # On a line of its own before any code it excuses the whole file, with or without a code in brackets.
            if _BARE_IGNORE.search(comment) or (not code_seen and re.match(r"#\s*type:\s*ignore", comment, re.IGNORECASE)):
                found["types"].append(line)
            if _BARE_NOQA.search(comment):
                found["lint"].append(line)
        elif token.type not in (tokenize.NL, tokenize.NEWLINE, tokenize.ENCODING, tokenize.INDENT, tokenize.DEDENT):
            code_seen = True
    return found


def _functions(tree: ast.Module) -> Iterator[tuple[_Function, str, bool]]:
    """Yields every function with the names that it stands in, and whether that is a class. An expression may be nested deeper than we may."""
    ahead: list[tuple[ast.AST, str, bool]] = [(node, "", False) for node in reversed(tree.body)]
    while ahead:
        node, owner, in_class = ahead.pop()
        if isinstance(node, _Function):
            yield node, owner, in_class
            owner, in_class = f"{owner}{node.name}.", False
        elif isinstance(node, ast.ClassDef):
            owner, in_class = f"{owner}{node.name}.", True
        inner = [each for each in ast.iter_child_nodes(node) if isinstance(each, ast.stmt | ast.excepthandler | ast.match_case)]
        ahead += [(each, owner, in_class) for each in reversed(inner)]


def _annotations(tree: ast.Module) -> list[dict[str, Any]]:
    """Returns the facts of every function."""
    imported = [alias for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names]
    unchecked = {"no_type_check"} | {alias.asname or alias.name for alias in imported if alias.name == "no_type_check"}
    return [
        {
            "name": owner + function.name,
            "line": function.lineno,
            "unchecked": any(not unchecked.isdisjoint(_words(decorator)) for decorator in function.decorator_list),
            "annotated": _is_annotated(function, in_class),
            "uses": sorted(frozenset().union(*(_words(statement) for statement in function.body))),
        }
        for function, owner, in_class in _functions(tree)
    ]


def _is_annotated(function: _Function, in_class: bool) -> bool:
    """Whether a function has all the hints that mypy asks for: https://mypy.readthedocs.io/en/stable/class_basics.html#annotating-init-methods."""
    given = function.args
    static = any("staticmethod" in _words(decorator) for decorator in function.decorator_list)
    positional = given.posonlyargs + given.args
    hinted = positional[1:] if in_class and not static else positional
    hinted += given.kwonlyargs + [each for each in (given.vararg, given.kwarg) if each]
    if any(each.annotation is None for each in hinted):
        return False
    return function.returns is not None or (function.name in ("__init__", "__init_subclass__") and bool(hinted))


def _arguments_of_tests(tree: ast.Module) -> set[str]:
    return {
        argument.arg
        for function, _, _ in _functions(tree)
        if function.name.startswith("test") or any("fixture" in ast.unparse(each) for each in function.decorator_list)
        for argument in function.args.args
    }


def _components(tree: ast.Module) -> set[str]:
    """Returns what a module offers others to build with: its public classes but for exceptions, or where it has none its public functions."""
    public = [each for each in tree.body if isinstance(each, _Function | ast.ClassDef) and not each.name.startswith("_")]
    classes = {each.name for each in public if isinstance(each, ast.ClassDef) and not _is_exception(each)}
    return classes or {each.name for each in public if isinstance(each, _Function)}


def _is_exception(node: ast.ClassDef) -> bool:
    names = (node.name, *(ast.unparse(base) for base in node.bases))
    return any(name.endswith(("Error", "Exception", "Warning")) for name in names)


class Tests:
    """The tests in a file, and what each of them uses, directly or through fixtures and helpers of the tests' own."""

    def __init__(self, tree: ast.Module, support: list[ast.Module]) -> None:
        self.tree = tree
        self.aliases: dict[str, str] = {}
        self.definitions: dict[str, list[ast.stmt]] = {}
        for module in (tree, *support):
            for node in module.body:
                self._define(node)
            for part in ast.walk(module):
                if isinstance(part, ast.ImportFrom | ast.Import):
                    self.aliases |= {each.asname: each.name for each in part.names if each.asname}
        self.mocks = {"mocker", *(name for module in (tree, *support) for name in _names_of_mocks(module))}
        self.fixtures = {name: node for module in (tree, *support) for name, node in _fixtures(module)}
        self.is_automatic = any("autouse" in ast.unparse(each) for node in self.fixtures.values() for each in node.decorator_list)

    def _define(self, node: ast.stmt) -> None:
        if isinstance(node, _Function | ast.ClassDef):
            self.definitions.setdefault(node.name, []).append(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for name in (each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)):
                self.definitions.setdefault(name, []).append(node)

    def all(self) -> Iterator[dict[str, Any]]:
        """Yields every test: its id within the file, its line, how many assertions it makes, the names that it uses, and the means."""
        for node in self.tree.body:
            if isinstance(node, _Function) and node.name.startswith("test"):
                yield self._describe(node.name, node, [])
            elif isinstance(node, ast.ClassDef) and _is_test_class(node):
                methods = [each for each in node.body if isinstance(each, _Function)]
                shared: list[ast.AST] = [each for each in node.body if not getattr(each, "name", "").startswith("test")]
                shared += [*node.bases, *node.decorator_list]
                for method in methods:
                    if method.name.startswith("test"):
                        yield self._describe(f"{node.name}::{method.name}", method, shared)

    def _describe(self, name: str, test: _Function, shared: list[ast.AST]) -> dict[str, Any]:
        reached: list[ast.AST] = [test, *shared]
        used: set[str] = set()
        queue: list[ast.AST] = list(reached)
        while queue:
            for word in _words(queue.pop()):
                if word not in used:
                    used.add(word)
                    reached += (new := self.definitions.get(word, []))
                    queue += new
        used |= {self.aliases[word] for word in used if word in self.aliases}
        assertions = sum(_assertions(node) for node in reached)
        means = {
            "fixtures": self.is_automatic or not self.fixtures.keys().isdisjoint(_asked_for(test, shared)),
            "parametrize": any(self._has_cases(each) for node in (test, *shared) for each in getattr(node, "decorator_list", [node])),
            "mocks": not used.isdisjoint(self.mocks),
        }
        shown = [name for name, is_shown in means.items() if is_shown]
        return {"name": name, "line": test.lineno, "assertions": assertions, "uses": sorted(used), "means": shown}

    def _has_cases(self, mark: ast.AST) -> bool:
        """Whether this is `@pytest.mark.parametrize` with more than one case, as far as can be seen."""
        mark = self._named(mark)
        if not isinstance(mark, ast.Call):
            return False
        called = self._named(mark.func)
        if not (isinstance(called, ast.Attribute) and called.attr == "parametrize"):
            return False
        values = [*mark.args[1:2], *(each.value for each in mark.keywords if each.arg == "argvalues")]
        table = values[0] if values else None
        if not isinstance(table, ast.List | ast.Tuple):
            return True
        return len(table.elts) > 1 or any(isinstance(each, ast.Starred) for each in table.elts)

    def _named(self, node: ast.AST) -> ast.AST:
        """Returns what a name stands for: some give the mark, or a table of cases, a name of its own."""
        for each in self.definitions.get(node.id, []) if isinstance(node, ast.Name) else []:
            if isinstance(each, ast.Assign | ast.AnnAssign) and isinstance(each.value, ast.Call | ast.Attribute):
                return each.value
        return node


def _asked_for(test: _Function, shared: list[ast.AST]) -> set[str]:
    """Returns the names by which a test may ask for fixtures: those of its arguments, and texts, for `usefixtures` and `getfixturevalue`."""
    arguments = {each.arg for each in (*test.args.args, *test.args.kwonlyargs)}
    parts = [each for node in (test, *shared) for each in ast.walk(node)]
    return arguments | {each.value for each in parts if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def _names_of_mocks(tree: ast.Module) -> Iterator[str]:
    """Yields the names that a module has from `unittest.mock`, and `mock` where it has that itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in ("unittest.mock", "mock"):
            yield from (each.asname or each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "unittest":
            yield from (each.asname or each.name for each in node.names if each.name == "mock")
        elif isinstance(node, ast.Import):
            yield from (each.asname or "mock" for each in node.names if each.name in ("unittest.mock", "mock"))


def _fixtures(tree: ast.Module) -> Iterator[tuple[str, _Function]]:
    """Yields the fixtures of a module, by the names under which tests ask for them."""
    for function, _, _ in _functions(tree):
        for decorator in function.decorator_list:
            if "fixture" in _words(decorator.func if isinstance(decorator, ast.Call) else decorator):
                keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
                given = [each.value for each in keywords if each.arg == "name"]
                name = given[0].value if given and isinstance(given[0], ast.Constant) else function.name
                yield str(name), function


def _is_test_class(node: ast.ClassDef) -> bool:
    return node.name.startswith("Test") or any("TestCase" in ast.unparse(base) for base in node.bases)


@functools.cache
def _words(node: ast.AST) -> frozenset[str]:
    """Returns every name that stands in this piece of code: variables, attributes and arguments, which may be fixtures.

    Remembered, because every test may use the same helpers.
    """
    found = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            found.add(each.id)
        elif isinstance(each, ast.Attribute):
            found.add(each.attr)
        elif isinstance(each, ast.arg):
            found.add(each.arg)
        elif isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value.isidentifier():
            # `getattr(module, "name")`, `usefixtures("name")`, `patch.object(module, "name")`.
            found.add(each.value)
    return frozenset(found)


@functools.cache
def _assertions(node: ast.AST) -> int:
    """Returns how many things here can fail: assertions about something, and expected exceptions."""
    return sum(map(_can_fail, _not_caught(node)))


def _can_fail(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert):
        return not _is_constant(node.test)
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return called in ("raises", "warns", "fail") or called.startswith(("assert", "Assert"))
    return False


def _not_caught(node: ast.AST) -> Iterator[ast.AST]:
    """Yields what stands here, without what is tried and whose failure is caught."""
    ahead: list[ast.AST] = [node]
    while ahead:
        each = ahead.pop()
        yield each
        if isinstance(each, ast.Try) and any(_swallows(handler) for handler in each.handlers):
            ahead += [*each.handlers, *each.orelse, *each.finalbody]
        elif isinstance(each, ast.With) and any("suppress" in _words(item) and _catches(_words(item)) for item in each.items):
            ahead += each.items
        else:
            ahead += ast.iter_child_nodes(each)


def _swallows(handler: ast.ExceptHandler) -> bool:
    """Whether a failed assertion ends here."""
    caught = handler.type is None or _catches(_words(handler.type))
    inner = [each for statement in handler.body for each in ast.walk(statement)]
    return caught and not any(isinstance(each, ast.Raise | ast.Assert | ast.Call) for each in inner)


def _catches(names: frozenset[str]) -> bool:
    return not names.isdisjoint({"AssertionError", "Exception", "BaseException"})


def _is_constant(test: ast.expr) -> bool:
    """Whether the assertion says nothing about the learner's code: it always holds, or nothing but literals stands in it."""
    return _always_holds(test) or not any(isinstance(each, ast.Name | ast.Attribute | ast.Call) for each in ast.walk(test))


def _always_holds(test: ast.expr) -> bool:
    """Whether it holds whatever comes: a full tuple or list, which a forgotten call looks like, `… or True`, `a is a`."""
    if isinstance(test, ast.Tuple | ast.List | ast.Set):
        return bool(test.elts)
    if isinstance(test, ast.Constant):
        return bool(test.value)
    if isinstance(test, ast.BoolOp):
        parts = map(_always_holds, test.values)
        return any(parts) if isinstance(test.op, ast.Or) else all(parts)
    return isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Is) and ast.dump(test.left) == ast.dump(test.comparators[0])


def _support_trees(paths: list[str]) -> dict[str, ast.Module]:
    """Returns the syntax trees of the files that may hold fixtures and helpers of tests."""
    trees = {}
    for path in paths:
        if _SUPPORT.match(os.path.basename(path)):
            try:
                with open(path, encoding="utf-8-sig") as file, warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    trees[path] = ast.parse(file.read())
            except (OSError, ValueError, SyntaxError, RecursionError, MemoryError):
                # Its own facts say what is wrong with it.
                continue
    return trees


def _support_of(path: str, trees: dict[str, ast.Module]) -> list[ast.Module]:
    """Returns the modules in which a test file finds fixtures and helpers: those in its folder and in the folders above.

    The learner's own modules are none of them: what they use of each other is not what a test uses.
    """
    folder = os.path.dirname(path)
    return [tree for other, tree in trees.items() if other != path and f"{folder}/".startswith(_folder(other))]


def _folder(path: str) -> str:
    folder = os.path.dirname(path)
    return f"{folder}/" if folder else ""


def main() -> None:
    """Answers one request."""
    request = json.load(sys.stdin)
    answer = {}
    trees = _support_trees(request["files"])
    for path in request["files"]:
        try:
            # With or without the mark that some editors for Windows put in front, as Python reads it.
            with open(path, encoding="utf-8-sig") as file:
                answer[path] = facts_of(file.read(), _support_of(path, trees))
        except (OSError, UnicodeDecodeError) as error:
            answer[path] = {"error": {"message": str(error), "line": None}}
        except (RecursionError, MemoryError):
            answer[path] = {"error": {"message": "it is nested too deeply to be read", "line": None}}
        except tokenize.TokenError as error:
            answer[path] = {"error": {"message": str(error.args[0]), "line": None}}
        except SyntaxError as error:
            # The `tokenize` of Python 3.11 refuses some lines of nothing but a backslash that its parser takes.
            answer[path] = {"error": {"message": error.msg, "line": error.lineno}}
    made = {day: _mutants_of(**wanted) for day, wanted in request.get("mutants", {}).items()}
    json.dump({"files": answer, "mutants": made}, sys.stdout)


def _mutants_of(modules: list[str], files: list[str], tests: list[str], count: int, *, statements: bool) -> dict[str, Any]:
    """Returns the mutants of a day's modules and of what they import of `files`, by path. What cannot be read has none."""
    texts = {path: text for path in files if (text := _text_of(path)) is not None}
    tests_texts = {path: text for path in tests if (text := _text_of(path)) is not None}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return mutants.of_day(texts, modules, tests_texts, count, with_statements=statements)
    except (RecursionError, MemoryError):
        return {}


def _text_of(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8-sig") as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        return None
