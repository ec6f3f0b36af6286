"""test_hello.py: it is there and has to do with hello.py. Whether its tests pass is for `tests`."""

import ast
import re

from grade_kit.suite import requirement

# Texts that can only mean the program: its file, its module within a package, `python -m`.
NAMES_HELLO = re.compile(r"hello\.py|[./\\]hello$|-m\s+(\S+\.)?hello\b")


@requirement("test-file")
def test_the_test_file_uses_hello(source):
    """`test_hello.py` imports or runs `hello.py`"""
    trees = [source.tree("test_hello.py")]
    if source.exists("conftest.py"):
        trees.append(source.tree("conftest.py"))
    used = any(leads_to_hello(node) for tree in trees for node in code_of(tree))
    assert used, "it tests something, but nothing in it imports or runs `hello.py`"


def code_of(tree):
    """Returns the nodes of a file without its docstrings, which may speak of anything."""
    docstrings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [node for node in ast.walk(tree) if node not in docstrings or not isinstance(node, ast.Constant)]


def leads_to_hello(node):
    """Whether this is an import of hello, its name handed to something, or a fixture called so."""
    match node:
        case ast.Import(names=names):
            return any("hello" in each.name.split(".") for each in names)
        case ast.ImportFrom(module=module, names=names):
            return "hello" in (module or "").split(".") or any(each.name == "hello" for each in names)
        case ast.Call(args=given) | ast.List(elts=given) | ast.Tuple(elts=given):
            return any(isinstance(each, ast.Constant) and each.value == "hello" for each in given)
        case ast.Constant(value=str(text)):
            return NAMES_HELLO.search(text) is not None
        case ast.arg(arg=name):
            return name == "hello"
    return False
