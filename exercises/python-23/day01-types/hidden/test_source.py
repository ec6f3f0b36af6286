"""What the files say: tests try all six kinds of values, and functions have type hints."""

import ast
import builtins
from pathlib import PurePosixPath

from grade_kit.suite import requirement
from probes import KINDS

# What makes a value of a kind: an expression, or a call, also of hypothesis.
EXPRESSIONS = {
    ast.List: "list",
    ast.ListComp: "list",
    ast.Tuple: "tuple",
    ast.Set: "set",
    ast.SetComp: "set",
    ast.Dict: "dict",
    ast.DictComp: "dict",
    ast.JoinedStr: "str",
}
CALLS = {kind: kind for kind in KINDS} | {
    "integers": "int",
    "text": "str",
    "lists": "list",
    "tuples": "tuple",
    "sets": "set",
    "dictionaries": "dict",
}
# The names of functions and files that show what the module does.
SHOWING = ("main", "demo", "example", "sample", "run", "show")
MODULES = ["typeinspector.py", "type_inspector.py", "typeinspector/__init__.py"]


def is_test(path):
    """Whether a file is for tests, by its name or by the folder that it is in."""
    pure = PurePosixPath(path)
    named = pure.name.startswith("test_") or pure.stem.endswith("_test") or pure.name == "conftest.py"
    return named or "tests" in pure.parts[:-1] or "test" in pure.parts[:-1]


def called(call):
    """Returns the last name of what is called."""
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def no_values(tree):
    """Returns the lists and tuples that only hold values or types.

    Such are the rows of `parametrize`, the brackets of `dict[str, int]`, the second argument of `isinstance`.
    """
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.List, ast.Tuple)) and node.elts:
            if all(isinstance(each, ast.Name) and hasattr(builtins, each.id) for each in node.elts):
                found.add(node)
        if isinstance(node, ast.Subscript):
            found.add(node.slice)
        if isinstance(node, (ast.For, ast.comprehension)):
            found.add(node.iter)
        if isinstance(node, ast.Call) and called(node) == "parametrize":
            several = "," in ast.unparse(node.args[0]) if node.args else False
            for rows in node.args[1:2]:
                found.add(rows)
                found.update(rows.elts if several and isinstance(rows, (ast.List, ast.Tuple)) else [])
            found.update(node.args[:1])
    return found


def kinds_in(tree):
    """Returns the kinds of which a piece of code holds values."""
    found, others = set(), no_values(tree)
    for node in ast.walk(tree):
        if node in others:
            continue
        if isinstance(node, ast.Constant):
            found.add(type(node.value).__name__)
        elif isinstance(node, ast.Call):
            found.add(CALLS.get(called(node), ""))
        else:
            found.add(EXPRESSIONS.get(type(node), ""))
    return found


def demonstrations(path, tree):
    """Yields the parts of a file that is no test in which values may be tried: `main` and what runs by itself."""
    if any(word in path for word in SHOWING):
        yield tree
    for node in tree.body:
        shows = isinstance(node, ast.FunctionDef) and any(word in node.name for word in SHOWING)
        # `SAMPLES = [42, "text", …]` may stand above them.
        samples = isinstance(getattr(node, "value", None), (ast.List, ast.Tuple))
        if shows or samples or isinstance(node, (ast.If, ast.For, ast.Expr)):
            yield node


@requirement("six-kinds")
def test_all_six_kinds_are_tried(source):
    """the tests try integers, strings, lists, tuples, sets and dicts"""
    files = source.files()
    found = set()
    for path in files:
        tree = source.tree(path)
        for part in [tree] if is_test(path) else demonstrations(path, tree):
            found |= kinds_in(part)
    untried = [kind for kind in KINDS if kind not in found]
    # Tests may lie elsewhere, where grade.toml says; whether there are any is for `tests`.
    tested = any(map(is_test, files))
    assert not tested or not untried, f"no test tries a value of these types: {', '.join(untried)}"


def functions_of(tree):
    """Yields every function, and whether it is a method."""
    for node in ast.walk(tree):
        for each in ast.iter_child_nodes(node):
            if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield each, isinstance(node, ast.ClassDef)


def unhinted(function, is_method):
    """Returns the parameters of a function that have no type hint, and "the return value" if that has none."""
    given = function.args
    static = any("staticmethod" in ast.unparse(each) for each in function.decorator_list)
    positional = (given.posonlyargs + given.args)[1 if is_method and not static else 0 :]
    rest = given.kwonlyargs + [each for each in (given.vararg, given.kwarg) if each]
    missing = [f"`{each.arg}`" for each in positional + rest if each.annotation is None]
    needs_none = function.name in ("__init__", "__init_subclass__") and positional + rest
    if function.returns is None and not needs_none:
        missing.append("the return value")
    return missing


@requirement("hints")
def test_every_function_has_type_hints(source):
    """every function has a hint for each parameter and for what it returns; tests may go without"""
    module = next(filter(source.exists, MODULES), MODULES[0])
    source.tree(module)
    functions = []
    for path in source.files():
        if not is_test(path):
            functions += [(path, *each) for each in functions_of(source.tree(path))]
    assert functions, f"no function stands in `{module}`"
    for path, function, is_method in functions:
        missing = " and ".join(unhinted(function, is_method))
        assert not missing, f"`{function.name}` ({path}, line {function.lineno}) has no hint for {missing}"
