"""Runs the learner's own tests again and again, each time against another version of their module, and says which run noticed it.

```text
this process ──fork──► the tests as they are          what they report is the verdict on them
      │ writes a version, or puts everything back
      └──────fork──► the tests, until the first fails  a failed test, or its exit code, says that they noticed
```

Where it is asked how much of the modules the tests reach, one run notes which statements it comes by. That is the tests' own word, since they run
in the same process; so another run, which ends itself when it has come by all of these, is the proof, and a third with one more, which cannot be
reached, must come to its own end.

The runs on versions are forks of a pytest that has started and collected nothing yet, which is more than half of the work. Where tests do not
pass that way, because they need the real clock or a conftest.py has a say in how pytest starts, each is a run of its own; so it is where a file of
theirs has the name of a module that pytest may import when it starts. Among the first versions is one with nothing wrong in it, so tests that do not
pass that way notice all that are tried; only then are they run without a version, to be sure.

None of the learner's code runs in this process. A fork knows no version but its own, which it sees as a file like any other, and cannot look
into this process; so tests that want to look like good ones have nothing to go by but what the module does. What a run leaves behind is removed before
the next: files are put back, processes are killed.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO, NamedTuple, NoReturn

from . import fence, library
from .compiled import Compiled
from .marks import CODE, Marked, Reach

# Number from linux/prctl.h.
PR_SET_DUMPABLE = 4
# Seconds that a run may take besides four times what the tests take as they are.
PATIENCE = 2.0
# Seconds between two looks whether a run is over.
PACE = 0.002
# Characters of the token that every record has.
TOKEN = 32
# How often it is looked for processes that a run has left.
SWEEPS = 200
# How often it is looked which statements are reached, where two runs do not reach the same.
LOOKS = 3
# Bytes that a run may say of that.
MAX_SAID = 60_000

_libc = ctypes.CDLL(None, use_errno=True)

# Makes a fork that is told a descriptor run the tests, with the virtual clock or not, noting which marks they come by or not, and write to it what
# `own_tests.Verdict` says. It may return, and the tests run when whoever is in `loop` has returned as well.
Enter = Callable[[int, bool, Reach | None], None]


class Tests(NamedTuple):
    """How the tests of the job are run."""

    # Imports what every run of them imports before it comes to the learner's files.
    load: Callable[[], None]
    # Runs all of them and reports on each.
    all: Callable[[], NoReturn]
    # Runs them from the start of pytest on.
    anew: Enter
    # Starts pytest, and calls what it is given when only the tests are missing, with what makes forks go on from there. It is told the texts of the
    # learner's files too: what none of them can use is left out.
    begun: Callable[[Callable[[Enter], None], Iterable[bytes]], NoReturn]


def main(job: dict[str, Any], orders: BinaryIO, tests: Tests, emit: Callable[[dict[str, Any]], None]) -> NoReturn:
    """Runs the tests as they are and then, if they passed, against each version, until enough were noticed. Ends as the first run did.

    `orders` is a file with the rest of the job: the token, which only the first run could use and does not have, and then the versions' texts.
    """
    _show_in_proc(False)
    fence.adopt_orphans()
    tree = _Tree(os.getcwd())
    # Whoever has a file `code.py` means that, even where pytest imports `code`.
    hides_library = library.is_hidden_by(library.names_below(tree.root))
    if not hides_library:
        tests.load()
        library.preload(library.costly_in(tree.modules()))
    begun = time.monotonic()
    first = _fork(orders)
    if not first:
        tests.all()
    _, status = os.waitpid(first, 0)
    elapsed = time.monotonic() - begun
    _sweep(first)
    if status == 0:
        # What is printed from now on is of no use to anybody.
        _nothing_at(1, 2)
        token = orders.read(TOKEN).decode()
        trials = _Trials(job, tree, elapsed, orders, lambda record: emit({**record, "token": token}))
        if hides_library:
            trials.loop(tests.anew, tests.anew)
        else:
            tests.begun(lambda enter: trials.loop(enter, tests.anew), tree.modules())
    _end_as(status)


def _end_as(status: int) -> NoReturn:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number != signal.SIGKILL:
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(os.waitstatus_to_exitcode(status))


def _fork(orders: BinaryIO) -> int:
    """Forks, and returns 0 in the child, which has given up what leads back here."""
    pid = os.fork()
    if pid == 0:
        os.setsid()
        orders.close()
        _nothing_at(0)
        # Programs that look at themselves in /proc may; this process stays closed to them.
        _show_in_proc(True)
    return pid


def _show_in_proc(shows: bool) -> None:
    """Opens or closes this process's own folder in /proc to others of the same user, where there is one."""
    if sys.platform == "linux":
        _libc.prctl(PR_SET_DUMPABLE, int(shows), 0, 0, 0)


def _nothing_at(*numbers: int) -> None:
    for number in numbers:
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, number)
        if null != number:
            os.close(null)


def _sweep(group: int) -> None:
    """Kills and reaps what a run has left."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        # Nobody is left of it, which some systems say so and others so.
        pass
    for _ in range(SWEEPS):
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            for child in _children():
                os.kill(child, signal.SIGKILL)
            time.sleep(PACE)


def _children() -> Iterator[int]:
    own = str(os.getpid())
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat", "rb") as file:
                    fields = file.read().rpartition(b")")[2].split()
            except OSError:
                continue
            if fields[1].decode() == own:
                yield int(entry)


class _Tree:
    """The files below a folder, as they were."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._files = dict(self._read())

    def _paths(self) -> Iterator[str]:
        for folder, folders, names in os.walk(self.root):
            # Tests may have locked a folder, to see what happens then.
            for name in folders:
                path = os.path.join(folder, name)
                if not os.path.islink(path) and not os.access(path, os.R_OK | os.W_OK | os.X_OK):
                    os.chmod(path, 0o700)
            for name in names:
                yield os.path.join(folder, name)

    def _read(self) -> Iterator[tuple[str, bytes]]:
        for path in self._paths():
            if not os.path.islink(path) and os.access(path, os.R_OK):
                with open(path, "rb") as file:
                    yield path, file.read()

    def modules(self) -> Iterator[bytes]:
        """Yields the texts of Python files."""
        return (text for path, text in self._files.items() if path.endswith(".py"))

    def modules_beside(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Yields the paths and texts of Python files in the folders of these, and in the folders around those."""
        folders = {self.root}
        for path in paths:
            folder = os.path.dirname(os.path.join(self.root, path))
            while folder not in folders:
                folders.add(folder)
                folder = os.path.dirname(folder)
        for path, text in self._files.items():
            if path.endswith(".py") and os.path.dirname(path) in folders:
                yield path, text

    def restore(self) -> None:
        """Puts every file back, and removes what was not there."""
        for path in self._paths():
            if path not in self._files:
                os.unlink(path)
        for path, content in self._files.items():
            if not self._is(path, content):
                self.write(path, content)

    @staticmethod
    def _is(path: str, content: bytes) -> bool:
        # What is no file any more may be one that nobody comes to the end of.
        if os.path.islink(path) or not os.path.isfile(path):
            return False
        try:
            with open(path, "rb") as file:
                return file.read() == content
        except OSError:
            return False

    def write(self, path: str, content: bytes) -> None:
        """Puts a file there, in whatever state the folder is."""
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        elif os.path.lexists(path):
            os.unlink(path)
        with open(path, "wb") as file:
            file.write(content)


class _InFork(Exception):
    """Raised in a fork, which is to go on as a pytest that has begun."""


class _Ended(NamedTuple):
    """How a run ended."""

    # As `waitpid` says it, or nothing where the run took too long.
    status: int | None
    # What it said: the test that failed first, or the marks that it came by.
    said: dict[str, Any]

    @property
    def failed(self) -> str:
        return str(self.said.get("failed", ""))

    @property
    def noticed(self) -> bool:
        return self.status != 0 or bool(self.failed)

    @property
    def reached_all(self) -> bool:
        return self.status is not None and os.WIFEXITED(self.status) and os.WEXITSTATUS(self.status) == CODE


class _Trials:
    def __init__(
        self,
        job: dict[str, Any],
        tree: _Tree,
        elapsed: float,
        orders: BinaryIO,
        emit: Callable[[dict[str, Any]], None],
    ) -> None:
        self._job, self._tree, self._orders, self._emit = job, tree, orders, emit
        self._patience = PATIENCE + 4 * elapsed
        self._virtual = job["clock"] == "virtual"
        self._end = time.monotonic() + job["seconds"]
        self._compiled = Compiled(tree.modules_beside([*job["files"], *(version["path"] for version in job["versions"])]))

    def loop(self, begun: Enter, anew: Enter) -> None:
        """Makes all runs and ends the process. Returns in a fork of a pytest that has begun, which is to go on."""
        self._enter = begun
        texts = self._orders.tell()
        try:
            if not self._try_versions(is_sure=False):
                self._enter, self._virtual = anew, False
                self._orders.seek(texts)
                self._try_versions(is_sure=True)
            if self._job["reach"] is not None:
                self._count_statements(self._job["reach"])
        except _InFork:
            return
        os._exit(0)

    def _try_versions(self, *, is_sure: bool) -> bool:
        """Runs the tests on versions until enough were noticed. Returns whether they pass where nothing is wrong, which may be sure; else nothing is said."""
        noticed = 0
        unsaid: list[dict[str, Any]] = []
        for number, version in enumerate(self._job["versions"]):
            text = self._orders.read(version["length"])
            if noticed < self._job["enough"] and time.monotonic() < self._end:
                ended = self._run({version["path"]: text})
                noticed += ended.noticed
                is_sure |= not ended.noticed
                unsaid.append({"kind": "version", "number": number, "noticed": ended.noticed, "by": ended.failed})
                if is_sure:
                    self._say(unsaid)
        if not is_sure and self._run({}).noticed:
            return False
        self._say(unsaid)
        return True

    def _say(self, unsaid: list[dict[str, Any]]) -> None:
        for record in unsaid:
            self._emit(record)
        unsaid.clear()

    def _count_statements(self, files: list[dict[str, Any]]) -> None:
        """Finds out which statements the tests reach."""
        marked = Marked()
        for file in files:
            marked.add(file["path"], self._orders.read(file["length"]), file["stops"])
        reached = self._reached(marked) if marked.places else set()
        missed = [place for number, place in marked.places.items() if reached is not None and number not in reached]
        known = None if reached is None else len(reached)
        self._emit({"kind": "reach", "reached": known, "statements": len(marked.places), "missed": missed})

    def _reached(self, marked: Marked) -> set[int] | None:
        """Returns the marks that the tests come by, each time, or nothing where that cannot be proved."""
        reached = set(marked.places)
        for _ in range(LOOKS):
            # Nobody comes by a dummy, so this run goes on to its end.
            look = self._run(marked.texts, Reach({marked.dummy()}))
            seen = set(look.said.get("reached", []))
            if look.noticed or not seen.isdisjoint(marked.dummies):
                return None
            reached &= seen
            if not reached:
                return reached
            if self._run(marked.texts, Reach(reached)).reached_all:
                return None if self._run(marked.texts, Reach({marked.dummy(), *reached})).noticed else reached
        return None

    def _run(self, texts: dict[str, bytes], reach: Reach | None = None) -> _Ended:
        """Makes a run with these texts in the place of modules. Does not return in the fork."""
        self._tree.restore()
        for path, text in texts.items():
            self._tree.write(os.path.join(self._tree.root, path), text)
        reader, writer = os.pipe()
        pid = _fork(self._orders)
        if pid == 0:
            _nothing_at(3)
            os.close(reader)
            self._compiled.install()
            self._enter(writer, self._virtual, reach)
            raise _InFork
        os.close(writer)
        status = self._wait(pid)
        _sweep(pid)
        os.set_blocking(reader, False)
        try:
            said = _read(os.read(reader, MAX_SAID))
        except BlockingIOError:
            said = {}
        os.close(reader)
        return _Ended(status, said)

    def _wait(self, pid: int) -> int | None:
        end = time.monotonic() + self._patience
        if sys.platform == "linux":
            # Elsewhere no descriptor tells of a process's end.
            _poll(os.pidfd_open(pid), self._patience)
        while True:
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                return status
            if time.monotonic() >= end:
                return None
            time.sleep(PACE)


def _poll(descriptor: int, seconds: float) -> None:
    """Waits until a descriptor can be read, and closes it."""
    poller = select.poll()
    poller.register(descriptor, select.POLLIN)
    poller.poll(1000 * seconds)
    os.close(descriptor)


def _read(said: bytes) -> dict[str, Any]:
    """Returns what a run has said, if that can be understood."""
    try:
        read = json.loads(said)
    except (ValueError, RecursionError):
        return {}
    is_right = isinstance(read, dict) and isinstance(read.get("failed", ""), str) and _are_numbers(read.get("reached", []))
    return read if is_right else {}


def _are_numbers(read: object) -> bool:
    return isinstance(read, list) and all(isinstance(each, int) for each in read)
