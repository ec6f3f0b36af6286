import ast
from pathlib import PurePosixPath

from benchmark_signs import Signs
from grade_kit.suite import ProbeFailed, probe, requirement

# Seconds after which a benchmark that is still running has shown that it runs.
LONG_ENOUGH = 3.0
# What a benchmark may use that need not be installed here.
LIBRARIES = (
    "pytest",
    "pytest_benchmark",
    "matplotlib",
    "numpy",
    "pandas",
    "rich",
    "tabulate",
    "prettytable",
    "tqdm",
    "pyperf",
)


@probe
def run_benchmark(day, path, as_module):
    """run `{path}`"""
    import os
    import runpy
    import sys

    folder = os.getcwd()
    sys.path.insert(0, os.path.dirname(os.path.join(folder, path)))
    if as_module:
        roots = [root for root in sys.path if folder.startswith(root + os.sep)]
        sys.argv = [path]
        name = os.path.relpath(os.path.join(folder, path), min(roots, key=len))
        try:
            runpy.run_module(name.removesuffix(".py").replace(os.sep, "."), run_name="__main__")
        except SystemExit as ending:
            if ending.code not in (None, 0):
                raise
    else:
        day.script(path)
    return True


def signs(source):
    """Returns what each Python file of the day's folder has of a benchmark. A file that is not Python is none."""
    found = {}
    for path in source.files():
        try:
            found[path] = Signs(ast.parse(source.text(path)))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    clocks = {PurePosixPath(path).stem for path, each in found.items() if each.measures}
    for each in found.values():
        # A file may measure with a function of a file beside it.
        each.measures |= bool(each.imports & clocks)
    return found


def benchmarks(source):
    """Returns the files that are benchmarks. Fails the test where there is none, and says what is missing."""
    found = signs(source)
    measuring = [path for path, each in found.items() if each.measures]
    assert measuring, (
        "no Python file in the day's folder measures time with timeit, time.perf_counter or the like"
    )
    named = " and ".join(f"`{path}`" for path in measuring[:3])
    using = [path for path in measuring if found[path].own]
    assert using, f"{named} measures time, but uses none of Stack, Queue, LRUCache and CircularBuffer"
    comparing = [path for path in using if found[path].built_in]
    assert comparing, (
        f"{named} measures your own classes, but no list, deque, dict or OrderedDict beside them"
    )
    return comparing


def is_relative(source, path):
    """Whether a file can only be run as a part of its package: it says `from .datastructures import …`."""
    return any(isinstance(node, ast.ImportFrom) and node.level for node in ast.walk(source.tree(path)))


def only_lacks(observation):
    """Whether a benchmark ended over something that it has at home and not here: a library, a file that it may write."""
    missing = any(f"No module named '{name}'" in observation.message for name in LIBRARIES)
    unwritable = observation.raised_a("PermissionError") or "Read-only file system" in observation.message
    return missing or unwritable


@requirement("benchmarks")
def test_a_file_measures_your_own_classes_and_built_in_types(source):
    assert benchmarks(source)


@requirement("benchmarks")
def test_the_benchmark_runs(candidate, source):
    for path in benchmarks(source)[:3]:
        try:
            seen = candidate.observe(run_benchmark, path, is_relative(source, path), timeout=LONG_ENOUGH)
        except ProbeFailed as failure:
            if failure.observation.kind != "timed-out":
                raise
            continue
        if seen.kind == "raised" and not only_lacks(seen):
            raise ProbeFailed(seen)
