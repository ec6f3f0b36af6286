"""What the attacks share. An attack is Python that runs to its end when it succeeds, and raises an error of the
operating system, or `Refused`, when it does not. What there is to attack are the names in capitals, all of them text."""

import ctypes
import errno
import os
import signal
import stat
import struct
import time

ONLY_ROOT = "only root with all rights may"
NO_SUCH_CALL = "this kernel has no such call"
NO_SUCH_THING = "this file system has no such thing"

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
globals().update((name[6:], value) for name, value in os.environ.items() if name.startswith("WORLD_"))
IS_CONTROL = "WORLD_CONTROL" in os.environ


class Refused(Exception):
    """The attack does not get through."""


class Cannot(Exception):
    """Nobody could do this on this machine, so the control proves nothing."""


def ensure(holds, otherwise):
    if not holds:
        raise Refused(otherwise)


def control_needs(holds, otherwise):
    if IS_CONTROL and not holds:
        raise Cannot(otherwise)


def has_all_rights():
    status = open("/proc/self/status").read()
    last = int(open("/proc/sys/kernel/cap_last_cap").read())
    return int(status.split("CapEff:")[1].split()[0], 16) == (2 << last) - 1


def checked(answer):
    if answer == -1:
        raise OSError(ctypes.get_errno(), "refused")
    return answer


def call(number, *arguments):
    """Makes a system call. Numbers cross as 64 bits."""
    wide = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    return checked(libc.syscall(ctypes.c_long(number), *wide))


def write(path, text):
    os.write(os.open(path, os.O_WRONLY), text.encode())


def only_root(act):
    """Does what an ordinary user could not do anyway, and says so in a control."""
    try:
        return act()
    except PermissionError:
        if IS_CONTROL:
            control_needs(has_all_rights(), ONLY_ROOT)
        raise


def attaching():
    """Excuses a control where <https://docs.kernel.org/admin-guide/LSM/Yama.html> lets only parents look at memory."""
    scope = "/proc/sys/kernel/yama/ptrace_scope"
    free = not os.path.exists(scope) or open(scope).read().strip() == "0"
    control_needs(free or has_all_rights(), "Yama lets nobody look at another process")


def reaches(number, *arguments):
    """Makes a system call with nonsense that does no harm, and succeeds if the kernel looked at the nonsense at all."""
    try:
        only_root(lambda: call(number, *arguments))
    except OSError as error:
        control_needs(error.errno != errno.ENOSYS, NO_SUCH_CALL)
        if error.errno in (errno.EPERM, errno.ENOSYS):
            raise


def raise_limit(name, value):
    import resource

    try:
        resource.setrlimit(getattr(resource, "RLIMIT_" + name), (value, value))
    except ValueError as error:
        raise Refused(error)


def in_child(act):
    """Does something in a fork, which may die of it, and fails as it fails."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            act()
            os.write(writer, b"-")
        except OSError as error:
            os.write(writer, str(error.errno).encode())
        os._exit(0)
    os.close(writer)
    said = os.read(reader, 16)
    os.close(reader)
    _, status = os.waitpid(child, 0)
    ensure(not os.WIFSIGNALED(status), f"killed by signal {os.WTERMSIG(status)}")
    if said != b"-":
        raise OSError(int(said), "refused")


def stay(seconds=30):
    """What a process does that is there to be found later."""
    time.sleep(seconds)
    os._exit(0)


def say(word):
    os.write(1, word.encode() + b"\n")


def begin(attack):
    try:
        exec(compile(attack, "attack", "exec"), globals())
    except Refused as why:
        say(f"refused: {why}")
    except Cannot as why:
        say(f"cannot here: {why}")
    except MemoryError:
        say("refused: MemoryError")
    except OSError as error:
        lacking = IS_CONTROL and error.errno in (errno.ENOTSUP, errno.ENOTTY)
        say(f"cannot here: {NO_SUCH_THING}" if lacking else f"refused: {errno.errorcode.get(error.errno, error)}")
    else:
        say("did it")
