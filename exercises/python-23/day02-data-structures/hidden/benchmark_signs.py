"""Reads a file as syntax and says whether it is a benchmark: it measures time, uses the learner's classes,
and uses Python's own types.

What is within the four classes does not count: a Stack uses a list without comparing itself with it. For the
same reason `[]` alone is no sign of a comparison, because results are collected in lists, too; a list that
things are popped from, or that the variable of a loop is appended to, is one.
"""

import ast

STRUCTURES = {"Stack", "Queue", "LRUCache", "CircularBuffer"}
CLOCKS = {
    "timeit", "default_timer", "Timer", "perf_counter", "perf_counter_ns", "process_time", "process_time_ns",
    "monotonic", "monotonic_ns", "thread_time", "time_ns", "pyperf", "cProfile",
}  # fmt: skip
BUILT_INS = {"deque", "OrderedDict", "lru_cache", "LifoQueue", "SimpleQueue"}
WORK = {"pop", "popleft", "popitem", "insert", "remove", "get", "setdefault"}
EMPTY = (ast.List, ast.Dict)


class Signs(ast.NodeVisitor):
    """What of a benchmark there is in a piece of code."""

    def __init__(self, tree: ast.AST) -> None:
        self.measures = False
        self.own = False
        self.built_in = False
        # The modules that are imported, by the last part of their names.
        self.imports: set[str] = set()
        self._meant: dict[str, str] = {}
        self._containers: set[str] = set()
        self._running: set[str] = set()
        for node in ast.walk(tree):
            self._look_ahead(node)
        self.visit(tree)

    def _look_ahead(self, node: ast.AST) -> None:
        """Notes what names stand for: imports, containers, the variables of loops."""
        if isinstance(node, ast.Import | ast.ImportFrom):
            self._note_import(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value and _is_container(node.value):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            self._containers.update(ast.unparse(each) for each in targets)
        elif isinstance(node, ast.For | ast.comprehension):
            self._running.update(each.id for each in ast.walk(node.target) if isinstance(each, ast.Name))

    def _note_import(self, node: ast.Import | ast.ImportFrom) -> None:
        module = getattr(node, "module", None) or ""
        for alias in node.names:
            self.imports.add((module or alias.name).rpartition(".")[2])
            if isinstance(node, ast.ImportFrom):
                # `from . import helpers` names a module.
                self.imports.add(alias.name)
            full = {"time.time": "perf_counter", "queue.Queue": "SimpleQueue"}.get(
                f"{module}.{alias.name}", alias.name
            )
            self._meant[alias.asname or alias.name] = full

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        if node.name not in STRUCTURES:
            self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        pass

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        pass

    def visit_arg(self, node: ast.arg) -> None:
        # The fixture of pytest-benchmark. The annotation is no use of a type.
        self.measures |= node.arg == "benchmark"

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for part in (node.args, *node.decorator_list, *node.body):
            self.visit(part)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self._visit_value(node.value)

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            self.visit(target)
            # `entries[number] = number`
            if isinstance(target, ast.Subscript) and self._is_container(target.value):
                self.built_in |= self._runs(target.slice) and self._runs(node.value)
        self._visit_value(node.value)

    def _visit_value(self, value: ast.expr) -> None:
        # `results = []` is no sign; `cases = [("list", []), …]` is one.
        if not (isinstance(value, EMPTY) and _is_empty(value)):
            self.visit(value)

    def visit_Name(self, node: ast.Name) -> None:
        self._use(self._meant.get(node.id, node.id))
        if node.id in ("list", "dict") and isinstance(node.ctx, ast.Load):
            self.built_in = True

    def visit_Attribute(self, node: ast.Attribute) -> None:
        owner = node.value.id if isinstance(node.value, ast.Name) else ""
        owner = self._meant.get(owner, owner)
        if owner == "queue" and node.attr == "Queue":
            self.built_in = True
        else:
            self._use(node.attr)
        self.measures |= (owner, node.attr) in {("time", "time"), ("datetime", "now")}
        self.visit(node.value)

    def _use(self, word: str) -> None:
        self.measures |= word in CLOCKS
        self.own |= word in STRUCTURES
        self.built_in |= word in BUILT_INS

    def visit_Call(self, node: ast.Call) -> None:
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if called in ("isinstance", "defaultdict", "field", "cast"):
            return
        if not (called in ("list", "dict") and node.args):
            # `list(range(10))` only makes data.
            self.visit(node.func)
        if isinstance(node.func, ast.Attribute) and self._is_container(node.func.value):
            self.built_in |= called in WORK or (called == "append" and any(map(self._runs, node.args)))
        for part in (*node.args, *node.keywords):
            self.visit(part)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        # `list[int]` and `Callable[[], None]` are types.
        if not isinstance(node.value, ast.Name) or not (
            node.value.id in ("list", "dict") or node.value.id[:1].isupper()
        ):
            self.generic_visit(node)

    def visit_List(self, node: ast.List) -> None:
        self.built_in |= _is_empty(node)
        self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> None:
        self.built_in |= _is_empty(node)
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.visit(node.value)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self._read_code(node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self._read_code(
            "".join(str(part.value) if isinstance(part, ast.Constant) else "0" for part in node.values)
        )
        self.generic_visit(node)

    def _read_code(self, text: str) -> None:
        """Looks into what may be code for `timeit.timeit("stack.push(1)", setup="stack = Stack()")`."""
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return
        if any(
            isinstance(node, ast.Call | ast.Assign | ast.Import | ast.ImportFrom) for node in ast.walk(tree)
        ):
            within = Signs(tree)
            self.own |= within.own
            self.built_in |= within.built_in or any(_is_assigned_empty(node) for node in tree.body)

    def _is_container(self, node: ast.expr) -> bool:
        return isinstance(node, EMPTY) or ast.unparse(node) in self._containers

    def _runs(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id in self._running)


def _is_container(node: ast.expr) -> bool:
    made = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("list", "dict")
    return made or isinstance(node, ast.List | ast.Dict | ast.ListComp | ast.DictComp)


def _is_empty(node: ast.List | ast.Dict) -> bool:
    return not (node.elts if isinstance(node, ast.List) else node.values)


def _is_assigned_empty(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and isinstance(node.value, EMPTY) and _is_empty(node.value)
