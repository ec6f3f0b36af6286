"""The zygote: imports once what several processes need, then becomes each of them by forking.

It is two processes, or three. The *small* one has what a candidate, the reader of facts and mypy start with. The *large* one has imported pytest
besides, for examiners and the learner's own tests. The small one is ready sooner, and a candidate must not start with what pytest
imports: a learner's module may have the name of one of those. Where many runs are expected, a third one has imported mypy, and the large one what
every run of own tests would import, and hands examinations on to proctors (see `proctor`).

Each listens on a Unix socket, the small one on its standard output, the large one on its standard input, the third on its standard
error. A message (see `forks`) is one of these, and brings descriptors:

    {"examine": {…}}        a day's hidden suite: the pipe for its records, the socket for more candidates, those of its candidates
    {"enter": "candidate"}  a process for a sandbox, and what it does there: the channel on which the sandbox's init says more

No learner's code is ever imported here, nothing of a learner's is on its path, and what becomes a sandbox's process has heard of no
hidden suite. Each has one thread, so that its forks are whole, and ends when the other side hangs up.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable

from . import candidate

candidate.preload()
# What a candidate has imported that was executed; what is imported below is more.
_OF_A_CANDIDATE = frozenset(sys.modules) - {__name__}

from . import enter, facts, forks, mypy_entry

# What a fork may become, by the kind of the message: it gets what the message says, and the descriptors.
Becomes = dict[str, Callable[..., None]]


def main() -> None:
    """Becomes all of them."""
    # Whoever started `grade` may have left descriptors open that are no learner's business.
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    # Ctrl-C goes to all processes of a terminal; what it means is for `grade` to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    are_many = sys.argv[2:] == ["many"]
    if are_many and os.fork() == 0:
        control = _take(2)
        mypy_entry.preload()
        _serve(control, {"enter": enter.entering({"mypy_entry": mypy_entry.main})})
        os._exit(0)
    if os.fork() == 0:
        _serve(_take(1), {"enter": enter.entering({"candidate": _candidate, "facts": facts.main, "mypy_entry": mypy_entry.main})})
        os._exit(0)
    control = _take(0)
    from . import examiner, own_tests, proctor

    if are_many:
        own_tests.preload()
    proctors = proctor.Proctors(control)
    become: Becomes = {"examine": examiner.main, "enter": enter.entering({"own_tests": own_tests.main})}
    told = forks.serve(control, proctors.take if are_many else None)
    # In a fork nobody is to hold on to them, and at the end they have theirs.
    proctors.close()
    _become_or_wait(told, become)


def _take(number: int) -> socket.socket:
    """Returns the socket that is this standard stream, and leaves nothing in the place of all three."""
    control = socket.socket(fileno=os.dup(number))
    null = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(null, standard)
    os.close(null)
    return control


def _candidate() -> None:
    for name in sys.modules.keys() - _OF_A_CANDIDATE:
        del sys.modules[name]
    candidate.main()


def _serve(control: socket.socket, become: Becomes) -> None:
    """Forks as it is told, until the other side hangs up, and waits for the forks."""
    _become_or_wait(forks.serve(control), become)


def _become_or_wait(told: forks.Told | None, become: Becomes) -> None:
    """Does in a fork what the message says, and never returns. Where there is none, waits for the forks."""
    if told is None:
        forks.wait()
        return
    try:
        kind, said = told.parts()
        become[kind](said, *told.descriptors)
    finally:
        os._exit(0)
