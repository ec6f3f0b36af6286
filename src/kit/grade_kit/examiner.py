"""The examiner: runs the hidden suite of one day. A fork of the zygote, one for each day, or of a proctor, one for each job (see `proctor`).

A job brings the pipe for the day's records, a socket on which to ask for more candidates, and the sockets of those that there are. With several candidates the suite is split among as
many forks, each with its own *shard* of the tests and its own candidate. The last record of each is `{"done": …}`; a pipe that
ends without it is an examiner that died, which is ours. No learner's code is ever imported here, and nothing of the learner's
is on its path.
"""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from collections.abc import Callable
from typing import Any, TextIO

import pytest

from . import forks, plugin, recall, suite

# pytest's plugins that a hidden suite has no use for; not loading them saves a third of its time.
_UNUSED = (
    "cacheprovider",
    "capture",
    "debugging",
    "doctest",
    "faulthandler",
    "junitxml",
    "legacypath",
    "logging",
    "monkeypatch",
    "pastebin",
    "recwarn",
    "setuponly",
    "setupplan",
    "skipping",
    "stepwise",
    "subtests",
    "threadexception",
    "tmpdir",
    "unittest",
    "unraisableexception",
    "warnings",
)


class Examination:
    """A run of pytest on one day's suite, and what depends on the job."""

    def __init__(self, suite: str) -> None:
        self._suite = suite
        self._plugin = plugin.Plugin()
        # Where records go to, when there is a job.
        self._records: int | None = None
        self._output: TextIO
        self._emit: Callable[[dict[str, Any]], None]
        self._memory: recall.Memory | None

    def begin(self, job: dict[str, Any], records: int, supply: int, *channels: int) -> Shards:
        """Takes the job: its tests run against the candidates at the other ends of `channels`, and against others in their place."""
        self._records = records
        self._output = _printing_to_a_file()
        self._emit = plugin.emitter(records, lock=self._output.fileno())
        self._memory = recall.Memory(**job["recall"]) if job["recall"] else None
        shards = Shards([socket.socket(fileno=channel) for channel in channels], socket.socket(fileno=supply))

        def start() -> suite.Candidate:
            return suite.Candidate(shards.channel, shards.another, job["candidate"], self._memory)

        self._plugin.begin(job, start, self._emit, self._memory)
        return shards

    def run(self, *words: str, beside: object) -> None:
        """Runs pytest, with a plugin beside that of the job, and says how it ended if there is a job by then."""
        os.chdir(self._suite)
        # A number of as many bits as may cross is shown; converting it takes milliseconds.
        sys.set_int_max_str_digits(0)
        sys.path.insert(0, self._suite)
        code = plugin.run_pytest([*words, *_arguments(self._suite)], [beside, self._plugin, plugin.Thrift(self._plugin)])
        if self._records is None:
            return
        if self._memory and not code:
            self._memory.close()
        sys.stdout.flush()
        self._emit({"done": code, "output": _printed(self._output) if code > 1 else ""})

    def fail(self, error: BaseException) -> None:
        """Says that it cannot go on, if there is a job."""
        if self._records is not None:
            plugin.emitter(self._records)({"fault": f"{type(error).__name__}: {error}"})


def _printing_to_a_file() -> TextIO:
    """Has whatever is printed from now on go to a file, and returns it."""
    output = tempfile.TemporaryFile("w+", encoding="utf-8", errors="backslashreplace")  # noqa: SIM115 - the process ends with it
    os.dup2(output.fileno(), 1)
    os.dup2(output.fileno(), 2)
    return output


def _printed(output: TextIO) -> str:
    """Returns the end of what has been printed to this file."""
    output.seek(0, os.SEEK_END)
    output.seek(max(0, output.tell() - 4_000))
    return output.read()


def _arguments(suite: str) -> list[str]:
    unused = [word for name in _UNUSED for word in ("-p", f"no:{name}")]
    paths = ["--rootdir", suite, "--confcutdir", suite, "-c", os.devnull]
    return ["-q", "--import-mode=importlib", "--tb=no", *unused, *paths, suite]


class Desk:
    """Holds a pytest that has collected a suite, for forks of it to go on with a job each."""

    def __init__(self, examination: Examination, jobs: socket.socket) -> None:
        self._examination, self._jobs = examination, jobs
        self._output = _printing_to_a_file()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, session: pytest.Session, config: pytest.Config) -> None:
        # Without what Python has not written yet: a fork does that for itself.
        printed = _printed(self._output)
        suite.make_up_parcels(str(config.rootpath))
        told = None if session.testsfailed else forks.serve(self._jobs)
        if told is None:
            forks.wait()
            os._exit(0)
        try:
            _, job = told.parts()
            config.pluginmanager.register(self._examination.begin(job, *told.descriptors))
            config.option.maxfail = 1 if job["until"] == "first-failure" else 0
            os.write(1, printed.encode())
        except BaseException as error:  # noqa: BLE001 - told to the other side, then over
            self._examination.fail(error)
            os._exit(0)


class Shards:
    """Splits the tests among forks of this process, one for each candidate."""

    def __init__(self, channels: list[socket.socket], supply: socket.socket) -> None:
        self._channels = channels
        self._supply = supply
        self._number = 0

    @property
    def channel(self) -> socket.socket:
        """The socket of this process's own candidate."""
        return self._channels[0]

    def another(self) -> socket.socket:
        """Asks for a candidate in the place of this process's own. Returns the socket to it, which is closed at once where there is none."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self._supply, [bytes([self._number])], [theirs.fileno()])
            except OSError:
                # Nobody is there who could start one, so nobody hears what comes of this test.
                pass
        return ours

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Forks when all tests are known. Neighbours stay together: they are alike, and may share what they set up."""
        count = len(self._channels)
        tests = session.items
        mine = next((number for number in range(1, count) if os.fork() == 0), 0)
        session.items = tests[mine * len(tests) // count : (mine + 1) * len(tests) // count]
        # A candidate ends when nobody holds the other end of its socket.
        for number, channel in enumerate(self._channels):
            if number != mine:
                channel.close()
        self._channels = [self._channels[mine]]
        self._number = mine


def main(job: dict[str, Any], *descriptors: int) -> None:
    """Runs one job, and says on the first descriptor when it cannot."""
    examination = Examination(job["suite"])
    try:
        shards = examination.begin(job, *descriptors)
        examination.run(*["-x"] * (job["until"] == "first-failure"), beside=shards)
    except BaseException as error:  # noqa: BLE001 - told to the other side, then over
        examination.fail(error)


def attend(suite: str, jobs: socket.socket) -> None:
    """Collects a suite and forks for each job that comes over a socket. Returns in the forks, and where the suite cannot be collected."""
    examination = Examination(suite)
    try:
        examination.run(beside=Desk(examination, jobs))
    except BaseException as error:  # noqa: BLE001 - told to the other side, then over
        examination.fail(error)
