"""The examiner: runs the hidden suite of one day. A fork of the zygote, one for each day.

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
from typing import Any

import pytest

from . import plugin, recall, suite

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


def run(job: dict[str, Any], records: int, supply: socket.socket, channels: list[socket.socket]) -> None:
    """Runs one day's suite against the candidates at the other ends of `channels`, and against others in their place."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="backslashreplace") as output:
        emit = plugin.emitter(records, lock=output.fileno())
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
        os.chdir(job["suite"])
        # A number of as many bits as may cross is shown; converting it takes milliseconds.
        sys.set_int_max_str_digits(0)
        sys.path.insert(0, job["suite"])
        shards = Shards(channels, supply)
        memory = recall.Memory(**job["recall"]) if job["recall"] else None
        examination = plugin.Plugin(job, lambda: suite.Candidate(shards.channel, shards.another, job["candidate"], memory), emit, memory)
        thrift = [plugin.Thrift(examination, memory)] if job["until"] == "verdicts" else []
        code = pytest.main(_arguments(job), plugins=[shards, examination, *thrift])
        if memory and not code:
            memory.close()
        sys.stdout.flush()
        output.seek(0, os.SEEK_END)
        output.seek(max(0, output.tell() - 4_000))
        emit({"done": int(code), "output": output.read() if code > 1 else ""})


def _arguments(job: dict[str, Any]) -> list[str]:
    unused = [word for name in _UNUSED for word in ("-p", f"no:{name}")]
    paths = ["--rootdir", job["suite"], "--confcutdir", job["suite"], "-c", os.devnull]
    stop = ["-x"] if job["until"] == "first-failure" else []
    return ["-q", *stop, "--import-mode=importlib", "--tb=no", *unused, *paths, job["suite"]]


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


def main(job: dict[str, Any], records: int, supply: int, *channels: int) -> None:
    """Runs one job, and says on `records` when it cannot."""
    try:
        run(job, records, socket.socket(fileno=supply), [socket.socket(fileno=channel) for channel in channels])
    except BaseException as error:  # noqa: BLE001 - told to the other side, then over
        plugin.emitter(records)({"fault": f"{type(error).__name__}: {error}"})
