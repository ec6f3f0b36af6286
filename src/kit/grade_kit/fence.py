"""A fence around a process and all that it will fork: who is inside sends no signal to anybody outside, and reads nobody's memory there.

Landlock has it from its version 6 on (https://docs.kernel.org/userspace-api/landlock.html#ipc-scoping-abi-6). Fences lie within each
other: who is outside reaches whoever is inside. Where the kernel has no such thing, or lets nobody have it without a sandbox, there is
none, and what is killed is started again. Only Linux has any of it, and lets a process adopt orphans.

A fence is also how everybody inside is ended at one stroke: a signal "to all" goes to those who can be reached, who are then one's own
descendants and nobody else.
"""

from __future__ import annotations

import ctypes
import errno
import os
import select
import signal
import sys

# Numbers from linux/landlock.h and asm-generic/unistd.h. The calls have the same numbers on every architecture.
SYS_LANDLOCK_CREATE_RULESET = 444
SYS_LANDLOCK_ADD_RULE = 445
SYS_LANDLOCK_RESTRICT_SELF = 446
LANDLOCK_CREATE_RULESET_VERSION = 1
LANDLOCK_RULE_PATH_BENEATH = 1
LANDLOCK_ACCESS_FS_REFER = 1 << 13
LANDLOCK_SCOPE_SIGNAL = 1 << 1
# The first version that keeps signals in.
SIGNALS = 6
# prctl(2), from linux/prctl.h.
PR_SET_CHILD_SUBREAPER = 36

# Milliseconds that what was killed may take to be gone.
PATIENCE = 200
# Milliseconds in which a process that is about to end may do so.
GRACE = 50

_libc = ctypes.CDLL(None, use_errno=True)


class _Ruleset(ctypes.Structure):
    """`struct landlock_ruleset_attr`."""

    _fields_ = (("handled_access_fs", ctypes.c_uint64), ("handled_access_net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    """`struct landlock_path_beneath_attr`."""

    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


class Fence:
    """What processes put around themselves; made once, before the first of them is there."""

    def __init__(self) -> None:
        try:
            self._rules: int | None = _rules()
        except OSError:
            self._rules = None
        # Whether this process is inside, and has seen that its parent is out of its reach.
        self._is_closed = False

    def enter(self) -> None:
        """Puts the fence around this process, if there is one."""
        entered = self._rules is not None and _libc.syscall(SYS_LANDLOCK_RESTRICT_SELF, self._rules, 0) == 0
        self._is_closed = entered and not _reaches(os.getppid())

    def clear(self) -> bool:
        """Ends whoever descends from this process, which adopts orphans. Returns whether nobody is left.

        Without a fence nobody is ended here, and only waited for.
        """
        return _is_alone(PATIENCE, strike=self._is_closed)

    def close(self) -> None:
        """Lets go of the rules; a fence that has been entered stays."""
        if self._rules is not None:
            os.close(self._rules)


def adopt_orphans() -> None:
    """Makes this process the parent of whoever descends from it and loses its own, where a system knows such parents."""
    if sys.platform == "linux":
        _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def is_alone() -> bool:
    """Returns whether this process has no children. Those that are about to end may do so."""
    return _is_alone(GRACE, strike=False)


def _is_alone(milliseconds: int, strike: bool) -> bool:
    """Reaps children until none is left, or some time has passed. Where there are none, that is one call."""
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return True
        if pid:
            continue
        if milliseconds == 0:
            return False
        if strike:
            _kill_all_in_reach()
        # Not `time.sleep`, which may be virtual.
        select.poll().poll(1)
        milliseconds -= 1


def _kill_all_in_reach() -> None:
    try:
        os.kill(-1, signal.SIGKILL)
    except OSError:
        pass


def _reaches(pid: int) -> bool:
    # Not `os.kill`: every probe asks, and an exception costs it a dozen pages.
    return int(_libc.kill(pid, 0)) == 0 or ctypes.get_errno() != errno.EPERM


def _rules() -> int:
    """Returns a ruleset that keeps signals in and allows all else."""
    # The numbers of calls mean other calls elsewhere.
    if sys.platform != "linux":
        raise OSError("this system keeps no signals in")
    if _libc.syscall(SYS_LANDLOCK_CREATE_RULESET, None, 0, LANDLOCK_CREATE_RULESET_VERSION) < SIGNALS:
        raise OSError("this kernel keeps no signals in")
    # To move a file from folder to folder is refused by every layer that does not allow it, whatever the layer is there for.
    wanted = _Ruleset(LANDLOCK_ACCESS_FS_REFER, 0, LANDLOCK_SCOPE_SIGNAL)
    rules = _call(SYS_LANDLOCK_CREATE_RULESET, ctypes.byref(wanted), ctypes.sizeof(wanted), 0)
    root = os.open("/", os.O_PATH | os.O_CLOEXEC)
    try:
        everywhere = _PathBeneath(LANDLOCK_ACCESS_FS_REFER, root)
        _call(SYS_LANDLOCK_ADD_RULE, rules, LANDLOCK_RULE_PATH_BENEATH, ctypes.byref(everywhere), 0)
    finally:
        os.close(root)
    return rules


def _call(number: int, *args: object) -> int:
    ctypes.set_errno(0)
    answer = int(_libc.syscall(number, *args))
    if answer < 0:
        raise OSError(ctypes.get_errno(), "Landlock refuses")
    return answer
