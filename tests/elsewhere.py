"""Tries the kit as it is on systems that are not Linux: it is told that it is on another one. `elsewhere.py <folder of the kit>`.

Each `test_…` here is one sentence about it. A call of Linux's is an error.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections.abc import Callable
from typing import Any, NoReturn

sys.path.insert(0, sys.argv[1])

from grade_kit import candidate, fence, forks, trials, wire, zygote

Send = Callable[[bytes], None]
RETURNED = {"kind": "returned"}


def linux_only(*args: object) -> NoReturn:
    raise AssertionError("a call of Linux's was made")


def watched(main: Callable[[Send], Any], seconds: float = 10.0) -> tuple[str, Any, bytes, dict[str, Any]]:
    """Returns how a child ended, its answer, its output, and what is said of it where it has not answered."""
    child = candidate.Child(main, os.setpgrp)
    how = child.watch(seconds)
    answer = child.answer()
    seen = how, answer and wire.unpack(answer), child.output()[0], child.ending(how, seconds)
    child.end()
    return seen


def test_an_answer_is_heard_before_the_child_ends() -> None:
    def main(send: Send) -> None:
        print("said", flush=True)
        send(wire.pack(RETURNED))
        time.sleep(300)

    assert watched(main)[:3] == ("answered", RETURNED, b"said\n")


def test_an_answer_is_heard_from_a_child_that_ends_at_once() -> None:
    for _ in range(50):
        assert watched(lambda send: send(wire.pack(RETURNED)))[:2] == ("answered", RETURNED)


def test_an_end_is_noticed_and_told_apart() -> None:
    def closes_all(send: Send) -> None:
        os.closerange(1, 100)
        time.sleep(0.05)
        os._exit(3)

    for main, ending in (
        (lambda send: os._exit(7), {"kind": "exited", "code": 7}),
        (lambda send: os.kill(os.getpid(), 9), {"kind": "signalled", "signal": 9}),
        (closes_all, {"kind": "exited", "code": 3}),
    ):
        how, _, _, said = watched(main)
        assert (how, said) == ("ended", ending), (how, said)


def test_a_child_that_is_late_or_writes_without_end_is_not_waited_for() -> None:
    def floods(send: Send) -> None:
        while True:
            os.write(1, b"x" * 4096)

    assert watched(floods)[0] == "flooded"
    assert watched(lambda send: time.sleep(300), 0.1)[0] == "timed-out"


def test_nobody_is_kept_in_and_nobody_adopted_without_an_error() -> None:
    around = fence.Fence()
    around.enter()
    fence.adopt_orphans()
    trials._show_in_proc(False)
    assert around.clear()


def test_a_zygote_tells_messages_apart_that_come_in_pieces() -> None:
    def write(told: str, descriptor: int) -> None:
        os.write(descriptor, told.encode())

    ours, theirs = socket.socketpair()
    if os.fork() == 0:
        ours.close()
        zygote._serve(theirs, {"enter": write})
        os._exit(0)
    theirs.close()
    reader, writer = os.pipe()
    for text, cut, pause in ("one", 5, 0.02), ("two", 20, 0.0), ("six", 16, 0.02), ("ten", 1, 0.0):
        message = json.dumps({"enter": text}).encode()
        message = b"%016d%b" % (len(message), message)
        socket.send_fds(ours, [message[:cut]], [writer])
        time.sleep(pause)
        ours.sendall(message[cut:])
    ours.close()
    os.close(writer)
    said = b""
    while more := os.read(reader, 100):
        said += more
    os.wait()
    words = sorted(said[start : start + 3] for start in range(0, len(said), 3))
    assert words == [b"one", b"six", b"ten", b"two"], said


def test_a_message_is_handed_on_whole_however_large() -> None:
    text = json.dumps({"enter": "long" * 100_000}).encode()
    ours, theirs = socket.socketpair()
    if os.fork() == 0:
        ours.close()
        zygote._serve(theirs, {"enter": lambda told, descriptor: os.write(descriptor, b"%d" % len(told))})
        os._exit(0)
    theirs.close()
    reader, writer = os.pipe()
    for _ in range(2):
        forks.Told(text, [writer]).send(ours)
    ours.close()
    os.close(writer)
    os.wait()
    assert os.read(reader, 100) == b"400000" * 2


# Only now: Python's own library looks at it as it is imported.
sys.platform = "darwin"
os.pidfd_open = linux_only
fence._libc = trials._libc = None
for name, test in list(globals().items()):
    if name.startswith("test_"):
        test()
