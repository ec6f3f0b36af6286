"""The zygote: imports once what several processes need, then becomes each of them by forking.

It listens on the Unix socket that is its standard input. A message is one JSON object and brings descriptors:

    {"examine": {…}}    a day's hidden suite: the pipe for its records, the sockets of its candidates
    {"enter": {}}       a process for a sandbox: the channel on which the sandbox's init says which

No learner's code is ever imported here, nothing of a learner's is on its path, and what becomes a sandbox's process has heard of no
hidden suite. It has one thread, so that its forks are whole, and ends when the other side hangs up.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
from collections.abc import Callable
from typing import Any

from . import enter, examiner

# Bytes and descriptors of one message at the most.
MAX_MESSAGE = 1024 * 1024
MAX_DESCRIPTORS = 9


def main() -> None:
    """Forks as it is told, until the other side hangs up."""
    # Whoever started `grade` may have left descriptors open that are no learner's business.
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    control = socket.socket(fileno=os.dup(0))
    # Ctrl-C goes to all processes of a terminal; what it means is for `grade` to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    enter.preload()
    gc.freeze()
    children = 0
    while True:
        text, descriptors, _, _ = socket.recv_fds(control, MAX_MESSAGE, MAX_DESCRIPTORS)
        if not text:
            break
        pid = os.fork()
        if pid == 0:
            control.close()
            _child(json.loads(text), descriptors)
        children += 1
        for descriptor in descriptors:
            os.close(descriptor)
    for _ in range(children):
        os.wait()


def _child(message: dict[str, Any], descriptors: list[int]) -> None:
    """Does what the message says and never returns."""
    become: dict[str, Callable[..., None]] = {"examine": examiner.main, "enter": enter.main}
    [(kind, told)] = message.items()
    try:
        become[kind](told, *descriptors)
    finally:
        os._exit(0)
