"""Forks as it is told over a Unix socket: what zygotes and proctors have in common.

A message is a length in 16 digits and one JSON object of that length, and brings descriptors.
"""

from __future__ import annotations

import gc
import json
import os
import socket
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

# Bytes and descriptors of one message at the most.
MAX_MESSAGE = 1024 * 1024
MAX_DESCRIPTORS = 10
# Digits of a message's length.
LENGTH = 16
# Seconds until whoever takes no message is given up.
PATIENCE = 1.0
# Not every system has sockets that keep messages apart.
_KIND = socket.SOCK_SEQPACKET if sys.platform == "linux" else socket.SOCK_STREAM


class Told(NamedTuple):
    """A message, and what it brings."""

    text: bytes
    descriptors: list[int]

    def parts(self) -> tuple[str, Any]:
        """Returns its kind and what it says."""
        [(kind, said)] = json.loads(self.text).items()
        return kind, said

    def send(self, to: socket.socket) -> None:
        """Hands it on. Raises OSError where nobody takes it."""
        message = f"{len(self.text):0{LENGTH}}".encode("ascii") + self.text
        to.settimeout(PATIENCE)
        sent = socket.send_fds(to, [message], self.descriptors)
        # A socket that keeps messages apart has taken all of it.
        if sent < len(message):
            to.sendall(message[sent:])

    def close(self) -> None:
        """Closes what it brings."""
        for descriptor in self.descriptors:
            os.close(descriptor)


def sockets() -> tuple[socket.socket, socket.socket]:
    """Returns two ends of a socket for messages."""
    return socket.socketpair(socket.AF_UNIX, _KIND)


def serve(control: socket.socket, is_taken: Callable[[Told], bool] | None = None) -> Told | None:
    """Forks for every message, unless somebody else takes it, until the other side hangs up. Returns what it was told in a fork, and nothing at the end."""
    gc.freeze()
    while told := _receive(control):
        if not (is_taken and is_taken(told)) and os.fork() == 0:
            control.close()
            return told
        told.close()
        _reap(os.WNOHANG)
    return None


def wait() -> None:
    """Waits until all forks have ended."""
    _reap(0)


def _receive(control: socket.socket) -> Told | None:
    """Returns the next message, or nothing when the other side has hung up.

    Not every system has sockets that keep messages apart and so bring each at a stroke. What brings descriptors is never glued to what
    comes after it, though: unix(7) calls it a barrier.
    """
    text, descriptors, _, _ = socket.recv_fds(control, MAX_MESSAGE, MAX_DESCRIPTORS)
    if not text:
        return None
    text += _more(control, LENGTH - len(text))
    text += _more(control, LENGTH + int(text[:LENGTH]) - len(text))
    return Told(text[LENGTH:], descriptors)


def _more(control: socket.socket, count: int) -> bytes:
    return control.recv(count, socket.MSG_WAITALL) if count > 0 else b""


def _reap(how: int) -> None:
    """Takes note of the ends of forks: of those that have ended, or with 0 of all, as they end."""
    try:
        while os.waitpid(-1, how)[0]:
            pass
    except ChildProcessError:
        pass
