"""The pytest plugin of the examiner: fixtures for hidden tests, and one record for every test.

A record says which test it was, for which requirement, what came of it, and, where it failed, a finding in words that the learner
can use: never the hidden assertion. Records go out as lines of JSON on a pipe that only the examiner holds.
"""

from __future__ import annotations

import ast
import fcntl
import json
import os
import pprint
import random
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any

import pytest
from _pytest import runner
from _pytest.fixtures import FixtureManager

from . import wire
from .definitions import Definitions
from .recall import Memory
from .suite import Candidate, Lost, Observation, ProbeFailed, SuiteError
from .watch import Part

# Characters of an expected or actual value that a finding holds.
MAX_SHOWN = 4_000

_OPERATORS = {
    "!=": "anything but",
    "in": "one of",
    "not in": "none of",
    "<": "less than",
    "<=": "at most",
    ">": "more than",
    ">=": "at least",
    "is": "exactly",
    "is not": "anything but",
}


class SourceUnreadable(Exception):
    """A file of the learner's is missing or is not Python; the observation says so."""

    def __init__(self, observation: Observation) -> None:
        super().__init__(observation.kind)
        self.observation = observation


class Source:
    """The learner's files as text and as syntax trees. They are read, never run."""

    def __init__(self, folder: str, shown: str) -> None:
        self._folder = folder
        self._shown = shown
        self._trees: dict[str, ast.Module] = {}

    def exists(self, path: str) -> bool:
        """Whether the day's folder has this file."""
        return os.path.isfile(os.path.join(self._folder, path))

    def files(self) -> list[str]:
        """Returns the Python files of the day's folder and the folders in it, as paths below it."""
        found = []
        for folder, folders, files in os.walk(self._folder):
            folders[:] = [name for name in folders if not name.startswith((".", "__pycache__"))]
            found += [os.path.relpath(os.path.join(folder, name), self._folder) for name in files if name.endswith(".py")]
        return sorted(found)

    def text(self, path: str) -> str:
        """Returns the text of a file of the day's folder. Fails the test where there is none."""
        try:
            # With or without the mark that some editors for Windows put in front, as Python reads it.
            with open(os.path.join(self._folder, path), encoding="utf-8-sig") as file:
                return file.read()
        except OSError:
            raise SourceUnreadable(Observation("absent", f"read `{path}`", rest={"module": self._place(path)})) from None
        except UnicodeDecodeError as error:
            raise SourceUnreadable(self._broken(path, "UnicodeDecodeError", str(error), 0)) from None

    def tree(self, path: str) -> ast.Module:
        """Returns the syntax tree of a file of the day's folder. Fails the test where it is not Python."""
        if path not in self._trees:
            try:
                self._trees[path] = ast.parse(self.text(path))
            except SyntaxError as error:
                raise SourceUnreadable(self._broken(path, "SyntaxError", error.msg, error.lineno or 0)) from None
            except (ValueError, RecursionError, MemoryError) as error:
                raise SourceUnreadable(self._broken(path, type(error).__name__, str(error), 0)) from None
        return self._trees[path]

    def _place(self, path: str) -> str:
        return f"{self._shown}/{path}" if self._shown else path

    def _broken(self, path: str, kind: str, message: str, line: int) -> Observation:
        frame = {"path": self._place(path), "line": line, "function": "", "code": ""}
        return Observation("raised", f"read `{path}`", types=(kind,), message=message, frames=(frame,))


class Plugin:
    """Holds what a run of one day's suite needs, and reports on each of its tests. Until it has begun, a suite can be collected, and nobody hears of it."""

    def __init__(self) -> None:
        self._job: dict[str, Any]
        self._start: Callable[[], Candidate]
        self._memory: Memory | None = None
        self._definitions: Definitions
        self._candidate: Candidate | None = None
        self._emit: Callable[[dict[str, Any]], None] = lambda record: None
        self._compared: tuple[str, Any, Any] | None = None
        self._done: set[str] = set()
        # Which test of the suite each is, whatever order they run in.
        self._numbers: dict[str, int] = {}
        # The requirements that a test has failed.
        self._failed: set[str] = set()
        # The test that has lost its candidate, and that which has failed by an answer of a shared process. They run once more.
        self._again: str | None = None
        self._apart: str | None = None
        self._is_over = True

    def begin(
        self,
        job: dict[str, Any],
        candidate: Callable[[], Candidate],
        emit: Callable[[dict[str, Any]], None],
        memory: Memory | None,
    ) -> None:
        """Takes what depends on the job."""
        self._job, self._start, self._emit, self._memory = job, candidate, emit, memory
        above = os.path.relpath(".", job["candidate"]["folder"] or ".")
        self._definitions = Definitions(os.path.normpath(os.path.join(job["folder"], above)))

    @pytest.fixture
    def candidate(self, request: pytest.FixtureRequest) -> Iterator[Candidate]:
        """The candidate, which runs probes against the learner's code."""
        if self._candidate is None:
            self._candidate = self._start()
        name = self._name(request.node)
        self._candidate.begin(again=self._again == name, apart=self._apart == name)
        yield self._candidate

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> random.Random:
        """Where inputs are drawn from: the same for the same seed and test, whatever else runs."""
        return self._rng_for(self._name(request.node))

    @pytest.fixture
    def rng_for(self) -> Callable[[str], random.Random]:
        """Where inputs are drawn from that several tests share: the same for the same seed and name."""
        return self._rng_for

    def _rng_for(self, name: str) -> random.Random:
        return random.Random(f"{self._job['seed']} {name}")

    @pytest.fixture
    def source(self) -> Source:
        """The learner's files, as text and as syntax trees."""
        return Source(self._job["folder"], self._job["candidate"]["folder"])

    @staticmethod
    def _name(item: pytest.Item) -> str:
        return item.nodeid

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "requirement(slug): the requirement that a test belongs to")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            if item.get_closest_marker("requirement") is None:
                raise pytest.UsageError(f"{item.nodeid} has no @requirement")
        self._numbers = {self._name(item): number for number, item in enumerate(items)}
        if (order := self._job.get("shuffle")) is not None:
            random.Random(order).shuffle(items)
        if (wanted := self._job.get("only")) is not None:
            items[:] = [item for item in items if self._requirement(item) in wanted]

    @staticmethod
    def _requirement(item: pytest.Item) -> str:
        marker = item.get_closest_marker("requirement")
        return str(marker.args[0]) if marker else ""

    def pytest_assertrepr_compare(self, op: str, left: object, right: object) -> None:
        self._compared = (op, left, right)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        self._compared = None
        # A test that runs no probe must not show what the one before it ran, nor run once more because of that.
        if self._candidate is not None:
            self._candidate.forget()
        if self._memory is not None:
            self._memory.begin()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, object, object]:
        result = yield
        while not self._is_over:
            self._is_over = True
            # As pytest does it for the first time: fixtures are made anew.
            item._initrequest()  # type: ignore[attr-defined]
            runner.runtestprotocol(item, nextitem=nextitem)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if call.when == "call" or call.excinfo is not None:
            name = self._name(item)
            if call.excinfo is not None and self._runs_once_more(name, call.excinfo.value):
                self._is_over = False
                # Else pytest would count it as a failure, after which it may have to end.
                report.outcome = "rerun"  # type: ignore[assignment]
            elif name not in self._done:
                self._done.add(name)
                judged = self._judge(item, call)
                if self._memory is not None and judged["outcome"] == "passed":
                    self._memory.passed(name)
                self._tell(item, judged)
        return report

    def _runs_once_more(self, name: str, error: BaseException) -> bool:
        """Decides whether a test that did not pass has to run once more."""
        if isinstance(error, Lost):
            self._again = name
            return True
        if self._candidate is None or not self._candidate.has_shared or name == self._apart or name in self._done:
            return False
        self._apart = name
        return True

    def _tell(self, item: pytest.Item, judged: dict[str, Any]) -> None:
        requirement = self._requirement(item)
        if judged["outcome"] == "failed":
            self._failed.add(requirement)
        name = self._name(item)
        self._emit({"test": name, "number": self._numbers[name], "requirement": requirement, **judged})

    def pass_over(self, item: pytest.Item) -> bool:
        """Does without a test if nobody reads more than the verdicts, and its requirement has failed, or it is known to pass. Returns whether that is so."""
        if self._job["until"] != "verdicts":
            return False
        if self._requirement(item) in self._failed:
            return True
        passes = self._memory is not None and "source" not in getattr(item, "fixturenames", ["source"]) and self._memory.passes(self._name(item))
        if passes:
            self._tell(item, {"outcome": "passed"})
        return passes

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._emit({"collection": report.nodeid, "fault": str(report.longrepr)[-4_000:]})

    def _judge(self, item: pytest.Item, call: pytest.CallInfo[None]) -> dict[str, Any]:
        if call.excinfo is None:
            return {"outcome": "passed"}
        title = _title(item)
        log = self._candidate.log if self._candidate else []
        last = log[-1] if log else None
        try:
            return self._judge_failure(title, last, call)
        except SuiteError:
            raise
        except Exception:  # noqa: BLE001 - what came back may be anything, and cannot even be put into words
            return self._as_failed(title, None, message="what came back cannot be shown")

    def _judge_failure(self, title: str, last: Observation | None, call: pytest.CallInfo[None]) -> dict[str, Any]:
        assert call.excinfo is not None
        error = call.excinfo.value
        if isinstance(error, ProbeFailed | SourceUnreadable):
            return self._judge_observation(title, error.observation)
        if isinstance(error, wire.OpaqueCompared):
            return self._as_failed(title, last, message=str(error))
        if isinstance(error, AssertionError) and call.when == "call":
            return self._judge_assertion(title, last, error)
        if isinstance(error, Exception) and call.when == "call" and last is not None and not isinstance(error, SuiteError):
            # The suite holds on every correct solution, so what it stumbled over is what came back.
            return self._as_failed(title, last, actual=_pretty(last.value), message="what came back is not of the form that was asked for")
        return {"outcome": "broken", "fault": f"{type(error).__name__}: {error}\n{call.excinfo.getrepr(style='short')}"[-4_000:]}

    def _judge_assertion(self, title: str, last: Observation | None, error: AssertionError) -> dict[str, Any]:
        said = str(error.args[0]) if error.args else ""
        message = "" if said.startswith("assert ") else said.split("\nassert ")[0].strip()
        if self._compared is None:
            return self._as_failed(title, last, message=message)
        op, left, right = self._compared
        if op == "==":
            return self._as_failed(title, last, expected=_pretty(right), actual=_pretty(left), message=message)
        if message:
            # Beside `==` the sides have no fixed roles, and the author's words say more.
            return self._as_failed(title, last, actual=_pretty(last.value) if last and last.kind == "returned" else "", message=message)
        return self._as_failed(title, last, expected=f"{_OPERATORS.get(op, op)} {_pretty(right)}", actual=_pretty(left))

    def _judge_observation(self, title: str, seen: Observation) -> dict[str, Any]:
        if seen.kind == "blocked" and self._candidate:
            module = str(seen.rest.get("module", ""))
            told = self._candidate.imports.get(module, Observation("candidate-died", "import"))
            if told.kind == "returned":
                # It was imported, so only the learner's code can have said that it was not.
                return self._as_failed(title, Observation("garbled", seen.did), message=_what_happened(Observation("garbled", ""), ""))
            path = self._job["files"].get(module, f"{module}.py")
            finding = self._as_failed(f"`{path}` can be imported", told, message=_what_happened(told, path))["finding"]
            return {"outcome": "blocked", "finding": {**finding, "did": None}}
        return self._as_failed(title, seen, message=_what_happened(seen, ""))

    def _where_to_look(self, seen: Observation) -> Sequence[Part]:
        """Returns what of the learner's an observation is about, where there is no traceback and somebody reads it."""
        if seen.frames or self._job["until"] != "end":
            return ()
        candidate = self._candidate
        may_tell = candidate is not None and candidate.log and candidate.log[-1] is seen and seen.kind in ("returned", "raised", "missing")
        return (candidate.locate() if candidate and may_tell else ()) or seen.files

    def _as_failed(self, title: str, seen: Observation | None, **fields: str) -> dict[str, Any]:
        frames = list(seen.frames) if seen else []
        finding: dict[str, Any] = {"title": title, "did": seen.did if seen else None, "trace": frames}
        finding["output"] = "".join(part for part in (seen.stdout, seen.stderr) if part) if seen else ""
        finding["reached"] = self._definitions.of(self._where_to_look(seen)) if seen else []
        finding.update({key: text for key, text in fields.items() if text})
        if seen and seen.kind == "timed-out":
            finding["rule"] = "time-out"
        if seen and seen.kind == "missing":
            finding["missing"] = {"owner": seen.rest["owner"], "name": seen.rest["name"]}
        return {"outcome": "failed", "finding": finding}


class Thrift:
    """Leaves out the tests of an examination of which it is certain what would come of them."""

    def __init__(self, examination: Plugin) -> None:
        self._examination = examination

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
        if not self._examination.pass_over(item):
            return None
        # The test before has left what it shares with this one.
        item.session._setupstate.teardown_exact(nextitem)
        return True


def _what_happened(seen: Observation, path: str) -> str:
    """Says in words what came instead of a value."""
    rest = seen.rest
    match seen.kind:
        case "raised":
            return f"it raised {seen.raised}: {seen.message}" if seen.message else f"it raised {seen.raised}"
        case "exited":
            return f"it ended the interpreter (exit code {rest.get('code')})"
        case "signalled":
            if rest.get("signal") == signal.SIGKILL:
                return "the interpreter was killed (signal 9), as happens to a program that takes too much memory"
            return f"the interpreter was ended by signal {rest.get('signal')}"
        case "timed-out":
            return f"it was still running after {rest.get('seconds'):g} s"
        case "flooded":
            return "it printed without end"
        case "too-large":
            return f"what came back is too large: {rest.get('text')}"
        case "missing":
            return _missing(rest)
        case "absent":
            return f"there is no `{rest.get('module') or path}`"
        case "host-died" | "candidate-died":
            return "it killed or stopped the process that it was running in"
        case "garbled":
            return "the program that was running your code answered with garbage"
        case other:
            raise SuiteError(f"no words for an observation of kind {other}")


def _missing(rest: dict[str, Any]) -> str:
    tried = [f"`{name}`" for name in rest["tried"]]
    looked = tried[0] if len(tried) == 1 else f"{', '.join(tried[:-1])} or {tried[-1]}"
    return f"`{rest['owner']}` has nothing called {looked}"


def _title(item: pytest.Item) -> str:
    """Returns what should be so, as a sentence: the test's docstring, or its name."""
    function = getattr(item, "function", None)
    doc = " ".join((function.__doc__ or "").split()) if function else ""
    sentence = doc or getattr(item, "originalname", item.name).removeprefix("test_").replace("_", " ")
    callspec = getattr(item, "callspec", None)
    return f"{sentence} ({callspec.id})" if callspec and not doc else sentence.format(**(callspec.params if callspec else {}))


def _pretty(item: Any) -> str:
    if isinstance(item, str) and "\n" in item:
        return item[:MAX_SHOWN]
    try:
        text = pprint.pformat(item, width=72, sort_dicts=False)
    except Exception:  # noqa: BLE001 - it sorts sets, and what has not crossed cannot be sorted
        text = repr(item)
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…"


def run_pytest(words: list[str], plugins: list[object]) -> int:
    """Runs pytest and returns its exit code."""
    # It only warns. For that it looks through each of pytest's own plugins, and goes a thousand steps where a module has imported `unittest.mock.call`.
    FixtureManager._check_for_wrapped_fixture = _do_nothing  # type: ignore[assignment, method-assign]
    return int(pytest.main(words, plugins=plugins))


def _do_nothing(*_: object) -> None:
    """Stands in the place of a check."""


def emitter(descriptor: int, lock: int | None = None) -> Callable[[dict[str, Any]], None]:
    """Returns a function that writes records to a file descriptor, a line each.

    Where forks write to the same pipe, `lock` is a file that all of them have open: a pipe keeps only short lines whole.
    """

    def emit(record: dict[str, Any]) -> None:
        # A learner's text may hold half a surrogate pair, which no JSON reader outside Python takes.
        line = json.dumps(_clean(record), ensure_ascii=True) + "\n"
        view = memoryview(line.encode("ascii"))
        if lock is not None:
            fcntl.lockf(lock, fcntl.LOCK_EX)
        while view:
            view = view[os.write(descriptor, view) :]
        if lock is not None:
            fcntl.lockf(lock, fcntl.LOCK_UN)

    return emit


def _clean(item: Any) -> Any:
    if isinstance(item, str):
        return item.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(item, dict):
        return {_clean(key): _clean(each) for key, each in item.items()}
    if isinstance(item, list):
        return [_clean(each) for each in item]
    return item
