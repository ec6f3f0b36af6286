"""Runs the learner's own tests again and again, each time against another version of their module, and says which run noticed it.

```text
this process ──fork──► the tests as they are          what they report is the verdict on them
      │ writes a version, or puts everything back
      └──────fork──► the tests, until the first fails  a failed test, or its exit code, says that they noticed
```

The runs on versions are forks of a pytest that has started and collected nothing yet, which is more than half of the work. Where tests do not
pass that way, because they need the real clock or a conftest.py has a say in how pytest starts, each is a run of its own.

None of the learner's code runs in this process. A fork knows no version but its own, which it sees as a file like any other, and cannot look
into this process; so tests that want to look like good ones have nothing to go by but what the module does. What a run leaves behind is removed before
the next: files are put back, processes are killed.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, NamedTuple, NoReturn

from . import fence

# Number from linux/prctl.h.
PR_SET_DUMPABLE = 4
# Seconds that a run may take besides four times what the tests take as they are; and all runs together.
PATIENCE = 2.0
BUDGET = 45.0
# Seconds between two looks whether a run is over.
PACE = 0.002
# Characters of the token that every record has.
TOKEN = 32
# Bytes that are kept of a test's name.
MAX_NAME = 400
# How often it is looked for processes that a run has left.
SWEEPS = 200

# Makes a fork that is told a descriptor run the tests, with the virtual clock or not, and write the name of the first that fails to it. It may
# return, and the tests run when whoever is in `loop` has returned as well.
Enter = Callable[[int, bool], None]


class Tests(NamedTuple):
    """How the tests of the job are run."""

    # Runs all of them and reports on each.
    all: Callable[[], NoReturn]
    # Runs them from the start of pytest on.
    anew: Enter
    # Starts pytest, and calls what it is given when only the tests are missing, with what makes forks go on from there.
    begun: Callable[[Callable[[Enter], None]], NoReturn]


def main(job: dict[str, Any], orders: BinaryIO, tests: Tests, emit: Callable[[dict[str, Any]], None]) -> NoReturn:
    """Runs the tests as they are and then, if they passed, against each version, until enough were noticed. Ends as the first run did.

    `orders` has the rest of the job: the token, which only the first run could use and does not have, and then the versions' texts.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    fence.adopt_orphans()
    tree = _Tree(os.getcwd())
    begun = time.monotonic()
    first = _fork(libc, orders)
    if not first:
        tests.all()
    _, status = os.waitpid(first, 0)
    elapsed = time.monotonic() - begun
    _sweep(first)
    if status == 0:
        # What is printed from now on is of no use to anybody.
        _nothing_at(1, 2)
        token = orders.read(TOKEN).decode()
        trials = _Trials(job, libc, tree, elapsed, orders, lambda record: emit({**record, "token": token}))
        tests.begun(lambda enter: trials.loop(enter, tests.anew))
    _end_as(status)


def _end_as(status: int) -> NoReturn:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number != signal.SIGKILL:
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(os.waitstatus_to_exitcode(status))


def _fork(libc: ctypes.CDLL, orders: BinaryIO) -> int:
    """Forks, and returns 0 in the child, which has given up what leads back here."""
    pid = os.fork()
    if pid == 0:
        os.setsid()
        orders.close()
        _nothing_at(0)
        # Programs that look at themselves in /proc may; this process stays closed to them.
        libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
    return pid


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
    except ProcessLookupError:
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


class _Trials:
    def __init__(
        self,
        job: dict[str, Any],
        libc: ctypes.CDLL,
        tree: _Tree,
        elapsed: float,
        orders: BinaryIO,
        emit: Callable[[dict[str, Any]], None],
    ) -> None:
        self._job, self._libc, self._tree, self._orders, self._emit = job, libc, tree, orders, emit
        self._patience = PATIENCE + 4 * elapsed
        self._virtual = job["clock"] == "virtual"
        # Of the run that is under way.
        self._pid, self._reader = 0, -1

    def loop(self, begun: Enter, anew: Enter) -> None:
        """Makes all runs and ends the process. Returns in a fork of a pytest that has begun, which is to go on."""
        end = time.monotonic() + BUDGET
        enter, noticed = begun, 0
        if self._forks(enter):
            return
        if self._by() is not None:
            enter, self._virtual = anew, False
        for number, version in enumerate(self._job["versions"]):
            text = self._orders.read(version["length"])
            if time.monotonic() > end or noticed >= self._job["enough"]:
                break
            if self._forks(enter, os.path.join(self._root, version["path"]), text):
                return
            by = self._by()
            self._emit({"kind": "version", "number": number, "noticed": by is not None, "by": by or ""})
            noticed += by is not None
        os._exit(0)

    @property
    def _root(self) -> str:
        return self._tree.root

    def _forks(self, enter: Enter, path: str = "", text: bytes = b"") -> bool:
        """Starts a run on a version. Returns whether this is the fork."""
        self._tree.restore()
        if path:
            self._tree.write(path, text)
        self._reader, writer = os.pipe()
        self._pid = _fork(self._libc, self._orders)
        if self._pid == 0:
            _nothing_at(3)
            os.close(self._reader)
            enter(writer, self._virtual)
            return True
        os.close(writer)
        return False

    def _by(self) -> str | None:
        """Waits for the run, and returns by which test the version was noticed, as far as that is known, or nothing where all have passed."""
        status = self._wait()
        _sweep(self._pid)
        os.set_blocking(self._reader, False)
        try:
            name = os.read(self._reader, MAX_NAME).decode(errors="replace")
        except BlockingIOError:
            name = ""
        os.close(self._reader)
        return None if status == 0 and not name else name

    def _wait(self) -> int | None:
        """Returns how the run ended, or nothing where it took too long."""
        end = time.monotonic() + self._patience
        while time.monotonic() < end:
            done, status = os.waitpid(self._pid, os.WNOHANG)
            if done:
                return status
            time.sleep(PACE)
        return None
