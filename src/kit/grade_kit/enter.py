"""Becomes the payload of a sandbox: enters the namespaces that an init has made, gives every right up, and does what a command says.

The init (src/sandbox/adopt.rs) sends what is to be entered and given up, looks at the result from outside, and says "go"; before
that nothing of the learner's is touched. What is given up, and in which order, is as in src/sandbox/payload.rs.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import os
import resource
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

# Bytes and descriptors of the init's one message.
MAX_ORDER = 256 * 1024
MAX_DESCRIPTORS = 64
# Namespaces in a message; the Landlock rules and the payload's own descriptors follow.
NAMESPACES = 7
# Where descriptors are out of the way of the numbers that the payload wants.
SAFE_NUMBER = 200

# Numbers from the kernel's headers: linux/prctl.h, linux/capability.h, linux/seccomp.h, asm-generic/unistd.h, linux/sched.h.
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_CAPBSET_READ = 23
PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_CLEAR_ALL = 4
CAPABILITY_VERSION_3 = 0x20080522
SECCOMP_MODE_FILTER = 2
# The same on every architecture: it is younger than their common table.
SYS_LANDLOCK_RESTRICT_SELF = 446
SYS_CLONE3 = 435
PTRACE_TRACEME = 0
CLONE_NEWUTS = 0x04000000

_libc = ctypes.CDLL(None, use_errno=True)


class Failed(Exception):
    """A step failed; it has the step's name and the kernel's answer."""

    def __init__(self, step: str, errno: int) -> None:
        super().__init__(step)
        self.step = step
        self.errno = errno


class _Program(ctypes.Structure):
    """`struct sock_fprog` of linux/filter.h."""

    _fields_ = (("len", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def entering(entries: dict[str, Callable[[], None]]) -> Callable[[str, int], None]:
    """Returns what a fork does that becomes a payload; `entries` is what it may do in the sandbox."""
    return lambda entry, channel: main(entry, entries[entry], channel)


def main(entry: str, work: Callable[[], None], channel: int) -> None:
    """Waits for an init, becomes its payload and does `work`. Returns only in processes that have no more to do."""
    init = socket.socket(fileno=channel)
    text, descriptors, _, _ = socket.recv_fds(init, MAX_ORDER, MAX_DESCRIPTORS)
    if not text:
        return
    try:
        order = json.loads(text)
        if order["grouped"]:
            _enter_group(descriptors.pop())
        if not _enter(descriptors[:NAMESPACES]):
            return
        init = _arrange(init, order["descriptors"], descriptors[NAMESPACES:])
        rules = SAFE_NUMBER + 1
        _give_up(order, rules)
        os.close(rules)
        _check(order)
    except Failed as failure:
        init.send(json.dumps({"Failed": {"step": failure.step, "errno": failure.errno}}).encode())
        return
    init.send(json.dumps({"Ready": {"pid": os.getpid()}}).encode())
    if init.recv(16) != b"go":
        return
    init.close()
    _run(order, entry, work)


def _enter_group(door: int) -> None:
    with _step("enter the sandbox's cgroup"):
        os.write(door, b"0")
        os.close(door)


def _enter(namespaces: list[int]) -> bool:
    """Enters the namespaces. Returns whether this process is the one that is inside of all of them, as a child of the init."""
    for namespace in namespaces:
        _call("enter the sandbox's namespaces", _libc.setns, namespace, 0)
        os.close(namespace)
    # Entering a pid namespace is for one's children. The child's own child loses its parent and so becomes the init's.
    with _step("fork the payload"):
        first = os.fork()
        if first:
            os.waitpid(first, 0)
            return False
        if os.fork():
            return False
    while os.getppid() != 1:
        time.sleep(0.0001)
    with _step("start a session"):
        os.setsid()
    return True


def _arrange(init: socket.socket, numbers: list[int], descriptors: list[int]) -> socket.socket:
    """Gives descriptors their numbers and closes all others. The Landlock rules are the first; they and the channel stay open."""
    with _step("pass the payload's descriptors"):
        away = [fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, SAFE_NUMBER + 2) for descriptor in [init.detach(), *descriptors]]
        os.dup2(away[0], SAFE_NUMBER, inheritable=False)
        os.dup2(away[1], SAFE_NUMBER + 1, inheritable=False)
        for descriptor, number in zip(away[2:], numbers, strict=True):
            os.dup2(descriptor, number)
        for number in range(SAFE_NUMBER):
            if number not in numbers:
                _ignoring_closed(number)
        os.closerange(SAFE_NUMBER + 2, os.sysconf("SC_OPEN_MAX"))
        return socket.socket(fileno=SAFE_NUMBER)


def _ignoring_closed(number: int) -> None:
    try:
        os.close(number)
    except OSError:
        pass


def _give_up(order: dict[str, Any], rules: int) -> None:
    """Gives up every right, for this process and all that it starts."""
    # The file belongs to this user only while the process is dumpable, and entering has made it undumpable.
    _call("open the payload's own /proc", _libc.prctl, PR_SET_DUMPABLE, 1, 0, 0, 0)
    with _step("volunteer for the out-of-memory killer"), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")
    for number in range(64):
        if _libc.prctl(PR_CAPBSET_READ, number, 0, 0, 0) == 1:
            _call("drop all rights", _libc.prctl, PR_CAPBSET_DROP, number, 0, 0, 0)
    _call("drop all rights", _libc.prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    with _step("drop all rights"):
        if (user := order["become_user"]) is not None:
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
    header, nothing = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0), (ctypes.c_uint32 * 6)()
    _call("drop all rights", _libc.capset, header, nothing)
    _call("forbid new privileges", _libc.prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    os.umask(order["umask"])
    with _step("enter the working directory"):
        os.chdir(bytes(order["cwd"]))
    _call("restrict files by Landlock", _libc.syscall, SYS_LANDLOCK_RESTRICT_SELF, rules, 0)
    with _step("set the limits"):
        for number, soft, hard in order["limits"]:
            _limit(number, soft, hard)
    for program in order["filters"]:
        code = bytes(program)
        filled = _Program(len(code) // 8, code)
        _call("put a seccomp filter in force", _libc.prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(filled), 0, 0)
    # A change of user has taken it away again; without it nobody inside may read this process's /proc.
    _call("open the payload's own /proc", _libc.prctl, PR_SET_DUMPABLE, 1, 0, 0, 0)


def _limit(number: int, soft: int, hard: int) -> None:
    """Lowers one limit; a host that allows less than is asked for has its way."""
    _, ceiling = resource.getrlimit(number)
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    resource.setrlimit(number, (soft, hard))


def _check(order: dict[str, Any]) -> None:
    """Tries what must be impossible. What can be seen from outside the init looks at itself."""
    _expect("the root is the sandbox's own", os.path.lexists(order["canary"]))
    _expect("the host's root is gone", _refused("/.host/etc/passwd", FileNotFoundError))
    _expect("Landlock refuses what is not granted", _refused(order["canary"], PermissionError))
    for number, _, hard in order["limits"]:
        _expect(f"limit {number} is in force", resource.RLIM_INFINITY != resource.getrlimit(number)[1] <= hard)
    _expect("seccomp refuses new namespaces", _answer(_libc.unshare, CLONE_NEWUTS) == errno.EPERM)
    _expect("seccomp refuses to trace", _answer(_libc.ptrace, PTRACE_TRACEME, 0, 0, 0) == errno.EPERM)
    _expect("seccomp hides calls", _answer(_libc.syscall, SYS_CLONE3, 0, 0) == errno.ENOSYS)
    # An init of another user takes no signals from here in any case.
    _expect("Landlock refuses signals to the init", not order["keeps_signals_in"] or _is_deaf(1))
    with _step("read /proc/net/route"), open("/proc/net/route", encoding="ascii") as routes:
        _expect("no route leads out", len(routes.readlines()) <= 1)


def _answer(function: Callable[..., int], *args: object) -> int:
    """Returns the error that the kernel answers, or 0."""
    ctypes.set_errno(0)
    return 0 if function(*args) != -1 else ctypes.get_errno()


def _is_deaf(process: int) -> bool:
    try:
        os.kill(process, 0)
    except PermissionError:
        return True
    return False


def _refused(path: str, error: type[OSError]) -> bool:
    try:
        os.close(os.open(path, os.O_RDONLY))
    except OSError as refusal:
        return type(refusal) is error
    return False


def _expect(what: str, holds: bool) -> None:
    if not holds:
        raise Failed(f"pass the self-check: {what}", 1)


def _call(step: str, function: Callable[..., int], *args: object) -> None:
    ctypes.set_errno(0)
    if function(*args) != 0:
        raise Failed(step, ctypes.get_errno())


@contextmanager
def _step(step: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        raise Failed(step, getattr(error, "errno", None) or 22) from error


def _default_signals() -> None:
    """Gives every signal the effect that it has in a fresh interpreter, whatever `grade` was started with."""
    for number in signal.valid_signals() - {signal.SIGPIPE, signal.SIGXFSZ}:
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _open_streams() -> None:
    """Opens the standard streams as a fresh interpreter does: those from before have learned whether one can seek in other files."""
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        old = getattr(sys, name)
        new = open(number, mode, encoding=old.encoding, errors=old.errors, newline="\n", closefd=False)  # noqa: SIM115
        new.reconfigure(line_buffering=old.line_buffering)  # type: ignore[attr-defined]
        setattr(sys, name, new)
        setattr(sys, f"__{name}__", new)


def _run(order: dict[str, Any], entry: str, work: Callable[[], None]) -> None:
    """Does what `python -I run.py <entry> …` would."""
    args = [os.fsdecode(bytes(word)) for word in order["args"]]
    os.environ.clear()
    os.environ.update({os.fsdecode(bytes(name)): os.fsdecode(bytes(item)) for name, item in order["env"]})
    time.tzset()
    sys.argv = args[1:]
    _default_signals()
    _open_streams()
    code = 0
    try:
        if entry != args[2]:
            raise ValueError(f"this process was offered for `{entry}` and not for `{args[2]}`")
        work()
    except BaseException:  # noqa: BLE001 - as the interpreter does it
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    os._exit(code)
