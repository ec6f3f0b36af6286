"""A fence around a process and all that it will fork: who is inside sends no signal to anybody outside, and reads nobody's memory there.

Landlock has it from its version 6 on (https://docs.kernel.org/userspace-api/landlock.html#ipc-scoping-abi-6). Fences lie within each
other: who is outside reaches whoever is inside. Where the kernel has no such thing, or lets nobody have it without a sandbox, there is
none, and what is killed is started again.
"""

from __future__ import annotations

import ctypes
import os

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

    def enter(self) -> bool:
        """Puts the fence around this process. Returns whether there is one."""
        return self._rules is not None and _libc.syscall(SYS_LANDLOCK_RESTRICT_SELF, self._rules, 0) == 0

    def close(self) -> None:
        """Lets go of the rules; a fence that has been entered stays."""
        if self._rules is not None:
            os.close(self._rules)


def _rules() -> int:
    """Returns a ruleset that keeps signals in and allows all else."""
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
