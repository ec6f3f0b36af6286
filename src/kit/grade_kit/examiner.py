"""The examiner: imports pytest once, then runs the suite of each day that it is asked for in a fork of its own.

It listens on the Unix socket that is its standard input. A message is one JSON object, the job, and brings two file
descriptors: the socket of that day's candidate, and the pipe for that day's records. The last record is `{"done": …}`; a pipe that ends
without it is an examiner that died, which is ours. No learner's code is ever imported here, and nothing of the learner's is on its path.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
import tempfile
from typing import Any

import pytest

from . import plugin, suite

# Bytes of one job at the most.
MAX_JOB = 1024 * 1024

# pytest's plugins that a hidden suite has no use for; not loading them saves a third of its start.
_UNUSED = (
    "cacheprovider",
    "doctest",
    "faulthandler",
    "junitxml",
    "legacypath",
    "logging",
    "nose",
    "pastebin",
    "recwarn",
    "setuponly",
    "setupplan",
    "skipping",
    "stepwise",
    "tmpdir",
    "unittest",
    "warnings",
)


def run(job: dict[str, Any], channel: socket.socket, records: int) -> None:
    """Runs one day's suite against the candidate at the other end of `channel`."""
    emit = plugin.emitter(records)
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="backslashreplace") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
        os.chdir(job["suite"])
        sys.path.insert(0, job["suite"])
        examination = plugin.Plugin(job, lambda: suite.Candidate(channel, job["candidate"]), emit)
        code = pytest.main(_arguments(job), plugins=[examination])
        sys.stdout.flush()
        output.seek(0, os.SEEK_END)
        output.seek(max(0, output.tell() - 4_000))
        emit({"done": int(code), "output": output.read() if code > 1 else ""})


def _arguments(job: dict[str, Any]) -> list[str]:
    unused = [word for name in _UNUSED for word in ("-p", f"no:{name}")]
    paths = ["--rootdir", job["suite"], "--confcutdir", job["suite"], "-c", os.devnull]
    return ["-q", "--import-mode=importlib", "--tb=no", "--capture=no", *unused, *paths, job["suite"]]


def main() -> None:
    """Takes jobs until the other side hangs up."""
    control = socket.socket(fileno=os.dup(0))
    children: set[int] = set()
    gc.collect()
    gc.freeze()
    while True:
        text, descriptors, _, _ = socket.recv_fds(control, MAX_JOB, 2)
        if not text:
            break
        pid = os.fork()
        if pid == 0:
            control.close()
            _child(json.loads(text), *descriptors)
        children.add(pid)
        for descriptor in descriptors:
            os.close(descriptor)
    for pid in children:
        os.waitpid(pid, 0)


def _child(job: dict[str, Any], channel: int, records: int) -> None:
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        run(job, socket.socket(fileno=channel), records)
    except BaseException as error:  # noqa: BLE001 - told to the other side, then over
        plugin.emitter(records)({"fault": f"{type(error).__name__}: {error}"})
    finally:
        os._exit(0)
