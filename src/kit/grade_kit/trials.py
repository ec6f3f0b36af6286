"""Runs the learner's own tests again and again, each time against another version of their module, and says which run noticed it.

```text
this process ──fork──► the tests as they are          what they report is the verdict on them
      │ writes a version, or puts everything back
      └──────fork──► the tests, until the first fails  its exit code says whether they noticed
```

None of the learner's code runs in this process. A fork knows no version but its own, which it sees as a file like any other, and cannot look
into this process; so tests that want to look like good ones have nothing to go by but what the module does. What a run leaves behind is removed before
the next: files are put back, processes are killed.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

# Numbers from linux/prctl.h.
PR_SET_DUMPABLE = 4
PR_SET_CHILD_SUBREAPER = 36
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

# Runs the tests of a job, with the virtual clock or not, and writes the name of the first that fails to a descriptor if there is one.
Run = Callable[[dict[str, Any], bool, int | None], NoReturn]


def main(job: dict[str, Any], take: Callable[[int], bytes], run: Run, emit: Callable[[dict[str, Any]], None]) -> NoReturn:
    """Runs the tests as they are and then, if they passed, against each version, until enough were noticed. Ends as the first run did.

    `take` reads on in the job: the token, which only the first run could use and does not have, and then the versions' texts.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    tree = _Tree(os.getcwd())
    begun = time.monotonic()
    first = _fork(libc, lambda: run(job, False, None))
    _, status = os.waitpid(first, 0)
    elapsed = time.monotonic() - begun
    _sweep(first)
    if status == 0:
        token = take(TOKEN).decode()
        _Trials(job, run, libc, tree, elapsed).run_all(take, lambda record: emit({**record, "token": token}))
    _end_as(status)


def _end_as(status: int) -> NoReturn:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number != signal.SIGKILL:
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(os.waitstatus_to_exitcode(status))


def _fork(libc: ctypes.CDLL, work: Callable[[], NoReturn]) -> int:
    """Forks. The child gives up what leads back here, and does the work."""
    pid = os.fork()
    if pid == 0:
        try:
            os.setsid()
            _nothing_at(0)
            # Programs that look at themselves in /proc may; this process stays closed to them.
            libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
            work()
        finally:
            os._exit(70)
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
        self._root = root
        self._files = dict(self._read())

    def _paths(self) -> Iterator[str]:
        for folder, _, names in os.walk(self._root):
            for name in names:
                yield os.path.join(folder, name)

    def _read(self) -> Iterator[tuple[str, bytes]]:
        for path in self._paths():
            if not os.path.islink(path):
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
        try:
            with open(path, "rb") as file:
                return file.read() == content
        except OSError:
            return False

    def write(self, path: str, content: bytes) -> None:
        """Puts a file there, in whatever state the folder is."""
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if os.path.lexists(path):
            os.unlink(path)
        with open(path, "wb") as file:
            file.write(content)


class _Trials:
    def __init__(self, job: dict[str, Any], run: Run, libc: ctypes.CDLL, tree: _Tree, elapsed: float) -> None:
        self._job, self._run, self._libc, self._tree = job, run, libc, tree
        self._patience = PATIENCE + 4 * elapsed
        self._virtual = False

    def run_all(self, take: Callable[[int], bytes], emit: Callable[[dict[str, Any]], None]) -> None:
        for plugin in self._job["plugins"]:
            importlib.import_module(plugin)
        if self._job["clock"] == "virtual":
            # Tests that sleep pass in no time then. Where they need the real clock, they get it.
            self._virtual = True
            self._virtual = self._try() is None
        end = time.monotonic() + BUDGET
        noticed = 0
        for number, version in enumerate(self._job["versions"]):
            text = take(version["length"])
            if time.monotonic() > end:
                return
            by = self._try(os.path.join(os.getcwd(), version["path"]), text)
            emit({"kind": "version", "number": number, "noticed": by is not None, "by": by or ""})
            noticed += by is not None
            if noticed >= self._job["enough"]:
                return

    def _try(self, path: str = "", text: bytes = b"") -> str | None:
        """Returns by which test a version is noticed, as far as that is known, or nothing where all pass."""
        self._tree.restore()
        if path:
            self._tree.write(path, text)
        del text
        reader, writer = os.pipe()
        pid = _fork(self._libc, lambda: self._child(writer))
        os.close(writer)
        status = self._wait(pid)
        _sweep(pid)
        os.set_blocking(reader, False)
        try:
            name = os.read(reader, MAX_NAME).decode(errors="replace")
        except BlockingIOError:
            name = ""
        finally:
            os.close(reader)
        return None if status == 0 else name

    def _child(self, writer: int) -> NoReturn:
        _nothing_at(0, 1, 2, 3)
        self._run(self._job, self._virtual, writer)

    def _wait(self, pid: int) -> int | None:
        """Returns how a run ended, or nothing where it took too long."""
        end = time.monotonic() + self._patience
        while time.monotonic() < end:
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                return status
            time.sleep(PACE)
        return None
