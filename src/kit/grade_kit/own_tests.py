"""Runs the learner's own tests with our pytest and our settings, in the sandbox, and reports each on file descriptor 3.

Takes a job on standard input: the length of its JSON in 16 digits, the JSON, a token of 32 characters and the texts of the versions that it names, one after
the other. It has `files`, `path` (folders for imports), `plugins`, `start` (the folder to start in), all below its working directory, which is the
submission's root, `until` where they run, and `versions` of the learner's modules on which the tests are tried, and modules of which it is counted how
much they `reach` (see `trials`). The learner's conftest.py files count, as they do by hand; their `addopts` and plugins do not. The learner's code runs in
the same process as its tests, so what is reported is their own word for their own tests; which tests had to run is established elsewhere (`facts`).
"""

from __future__ import annotations

import fnmatch
import gc
import importlib
import json
import os
import re
import sys
import traceback
from collections.abc import Callable, Generator, Iterable
from typing import Any, NoReturn

import pytest
from _pytest.config import default_plugins

from . import library, marks, plugin, trials

# Characters kept of a failure's message, and of a test's name.
MAX_TEXT = 2_000
MAX_NAME = 400

# pytest's plugins that change no verdict. Those for exceptions in threads and finalizers only warn, and collect garbage for it.
_UNUSED = (
    "cacheprovider",
    "faulthandler",
    "junitxml",
    "pastebin",
    "setuponly",
    "setupplan",
    "stepwise",
    "threadexception",
    "unraisableexception",
)


# Of the tests as they are somebody may read what was printed. Of a trial nobody reads how a test failed, and to say it takes longer than most tests.
# It is over with the first failure, at the latest when that test is: until then something else may stand in the place of `os._exit`.
_TOLD = ("--tb=short",)
_TRIAL = ("-x", "--tb=no", "--assert=plain")
# What takes a tenth of a trial and is only for whoever reads of it: lines of text, logs, warnings. Files in which one of these words stands may use it
# all the same, or see what else becomes of a log and a warning.
_FOR_READERS = ("logging-plugin", "terminalreporter", "warnings")
_MAY_READ = re.compile(rb"asyncio|caplog|concurrent|logging|pytest_report|terminal|warn", re.IGNORECASE)


class Reporter:
    """Sends a record for every test, and one for every file that cannot be collected. Goes on after the first failure, or ends the process.

    pytest's own option for that can be seen, by tests that behave as long as they are not tried.
    """

    def __init__(self, root: str, emit: Callable[[dict[str, Any]], None], *, goes_on: bool) -> None:
        self._root = root + os.sep
        self._emit = emit
        self._goes_on = goes_on

    def pytest_exception_interact(self, call: pytest.CallInfo[Any], report: pytest.CollectReport | pytest.TestReport) -> None:
        if isinstance(report, pytest.CollectReport) and call.excinfo is not None:
            # pytest wraps an ImportError in an error of its own, whose text is full of its own frames.
            error = call.excinfo.value.__cause__ or call.excinfo.value
            self._emit_failure({"kind": "collection", "path": report.nodeid}, error)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if report.when == "call" or not report.passed:
            path, line, _ = item.location
            outcome = _outcome(report, call.excinfo is not None)
            test = {"kind": "test", "id": item.nodeid, "when": report.when, "outcome": outcome, "path": path, "line": (line or 0) + 1}
            if outcome == "failed":
                self._emit_failure(test, call.excinfo.value if call.excinfo else None)
            else:
                self._emit(test)
        return report

    def _emit_failure(self, record: dict[str, Any], error: BaseException | None) -> None:
        self._emit({**record, **(self._failure(error) if error else {})})
        if not self._goes_on:
            self._emit({"kind": "done", "code": 1})
            _end(1)

    def _failure(self, error: BaseException) -> dict[str, Any]:
        frames = [
            {"path": frame.filename.removeprefix(self._root), "line": frame.lineno or 0, "function": frame.name, "code": frame.line or ""}
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename.startswith(self._root)
        ]
        if isinstance(error, SyntaxError) and (error.filename or "").startswith(self._root):
            path = (error.filename or "").removeprefix(self._root)
            frames.append({"path": path, "line": error.lineno or 0, "function": "", "code": (error.text or "").strip()})
        # An assertion that pytest has rewritten brings its own words, the values on both sides.
        text = "".join(traceback.format_exception_only(error)).strip().removeprefix("AssertionError: ")
        return {"message": text[:MAX_TEXT], "frames": frames[-8:]}


class Verdict:
    """Writes the name of the first test that fails, or of what cannot be collected, to a descriptor, and ends the process; or else writes which marks
    were come by.

    So a failure counts whatever a conftest.py would have the process exit with.
    """

    def __init__(self, descriptor: int, reach: marks.Reach | None) -> None:
        self._descriptor, self._reach = descriptor, reach

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._end_at(report.nodeid)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        raised = call.excinfo is not None
        report = yield
        if _outcome(report, raised) == "failed":
            self._end_at(item.nodeid)
        return report

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        if self._reach is not None:
            self._write({"reached": sorted(self._reach.seen)})

    def _end_at(self, node: str) -> None:
        self._write({"failed": node[:MAX_NAME] or "?"})
        os._exit(1)

    def _write(self, said: dict[str, Any]) -> None:
        if self._descriptor >= 0:
            os.write(self._descriptor, json.dumps(said).encode())
            self._descriptor = -1


def _outcome(report: pytest.TestReport, raised: bool) -> str:
    if hasattr(report, "wasxfail"):
        return "xpassed" if report.passed else "xfailed"
    # A conftest.py may say that a test passed. One that raised has not.
    return "failed" if report.passed and raised else str(report.outcome)


class Begun:
    """Holds a pytest that has begun before it collects anything, for forks of it to go on."""

    def __init__(self, job: dict[str, Any], root: str, hold: Callable[[trials.Enter], None], has_reader: bool) -> None:
        self._job, self._root, self._hold, self._has_reader = job, root, hold, has_reader

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> None:
        _compile_patterns(session.config)
        if not self._has_reader:
            for name in _FOR_READERS:
                session.config.pluginmanager.unregister(name=name)

        def enter(descriptor: int, virtual: bool, reach: marks.Reach | None) -> None:
            _prepare(self._job, self._root, virtual, reach)
            config = session.config
            config.pluginmanager.register(Verdict(descriptor, reach))
            config.args = _files(self._job, self._root)

        # What is there stays; a fork that looked at all of it for garbage would copy it.
        gc.freeze()
        self._hold(enter)


# What was imported before it was known whose tests these are.
_early: set[str] = set()


def preload() -> None:
    """Imports what every run of tests would import, before forks that would each import it."""
    before = set(sys.modules)
    _load_plugins()
    _early.update(sys.modules.keys() - before)


def main() -> None:
    """Runs one job. The exit code is pytest's."""
    if not _early.isdisjoint(library.names_below(os.getcwd())):
        # Whoever has a file `code.py` gets a process that has imported no other. Nothing of the job has been read.
        os.execv(sys.executable, [sys.executable, "-I", *sys.argv])
    # Unbuffered: what comes after the job is not for every process. pytest puts something else on standard input.
    orders = open(os.dup(0), "rb", buffering=0)  # noqa: SIM115
    job, root = json.loads(orders.read(int(orders.read(16)))), os.getcwd()
    # The learner's own subprocesses must not hold the pipe open.
    os.set_inheritable(3, False)
    emit = plugin.emitter(3)

    def report_all() -> NoReturn:
        _prepare(job, root, virtual=False, reach=None)
        code = plugin.run_pytest([*_TOLD, *_words(job, root), *_files(job, root)], [Reporter(root, emit, goes_on=job["until"] == "end")])
        emit({"kind": "done", "code": code})
        _end(code)

    def anew(descriptor: int, virtual: bool, reach: marks.Reach | None) -> NoReturn:
        _prepare(job, root, virtual, reach)
        _end(plugin.run_pytest([*_TRIAL, *_words(job, root), *_files(job, root)], [Verdict(descriptor, reach)]))

    def begun(hold: Callable[[trials.Enter], None], texts: Iterable[bytes]) -> NoReturn:
        # Plugins of others may ask for those of pytest.
        has_reader = bool(job["plugins"]) or any(_MAY_READ.search(text) for text in texts)
        # Nothing of the learner's lies here that pytest would read before it collects.
        os.chdir("/")
        _end(plugin.run_pytest([*_TRIAL, *_words(job, root)], [Begun(job, root, hold, has_reader)]))

    if not job["versions"] and job["reach"] is None:
        orders.close()
        report_all()
    trials.main(job, orders, trials.Tests(_load_plugins, report_all, anew, begun), emit)


def _load_plugins() -> None:
    """Imports what pytest would import each time that it starts."""
    for name in default_plugins:
        if name not in _UNUSED:
            importlib.import_module(f"_pytest.{name}")
    # These it imports when it looks whether it is to debug.
    importlib.import_module("_pytest._argcomplete")
    importlib.import_module("pdb")


def _prepare(job: dict[str, Any], root: str, virtual: bool, reach: marks.Reach | None) -> None:
    """Makes this process one in which the learner's tests may run."""
    os.chdir(os.path.join(root, job["start"]))
    sys.dont_write_bytecode = True
    gc.enable()
    if reach is not None:
        reach.install()
    if virtual:
        from . import clock

        clock.install()
    sys.path[:0] = [os.path.join(root, path).rstrip("/.") for path in job["path"]]


def _compile_patterns(config: pytest.Config) -> None:
    """Has the patterns compiled with which pytest looks at folders and files."""
    for setting in ("norecursedirs", "python_files"):
        for pattern in config.getini(setting):
            fnmatch.fnmatch("", pattern)


def _files(job: dict[str, Any], root: str) -> list[str]:
    return [os.path.join(root, path) for path in job["files"]]


def _words(job: dict[str, Any], root: str) -> list[str]:
    """Returns pytest's arguments but for the files."""
    chosen = [word for name in job["plugins"] for word in ("-p", name)]
    unused = [word for name in _UNUSED for word in ("-p", f"no:{name}")]
    return ["-q", *chosen, *unused, "-c", os.devnull, "--rootdir", root, "--confcutdir", root]


def _end(code: int) -> NoReturn:
    sys.stdout.flush()
    os._exit(code)
