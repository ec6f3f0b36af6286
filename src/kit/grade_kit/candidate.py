"""The candidate: the process in which the learner's code runs, alone with it in the sandbox.

    keeper ──fork──► host ──fork──► one process for each probe
    (never imports    (has imported    (runs one probe, sends one
     learner code)     the modules)     observation, is killed)

The keeper speaks to nobody; it holds the socket so that it can say how the host died, and starts another. The host reads probes from
the socket and answers each with an observation. Where the learner's import starts threads or leaves processes running, a fork of the host
would not be whole; then the host imports nothing, and every probe imports anew.

Probes that are marked as shared run in one process, one after the other, as long as no other one comes between; what the learner's modules hold
is put back before each. Where the process is not whole any more (a thread was started, a process was left) the next one has another.

Of other probes, and of that process, nothing outlives its end. Whatever it leaves behind becomes the host's child, and the host ends it, as it reaches nobody else, before
it answers. Where there is no fence, the process group of the probe is killed, and when somebody is left even so, that answer is the candidate's last,
and all ends with it. Nothing here is trusted by the examiner: whatever a
learner's code does to these processes, it can only change what is observed. Where the kernel can (see `fence`), a probe reaches neither
host nor keeper, and the host not the keeper.
"""

from __future__ import annotations

import fcntl
import gc
import importlib
import mmap
import os
import select
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, NamedTuple

from . import library, wire
from .fence import Fence, adopt_orphans, is_alone
from .held import Held
from .names import Missing, ModuleView, Names, raw, value
from .reached import Reached
from .watch import Watch

# Bytes kept of each of a probe's output streams.
KEEP = wire.MAX_PRINTED
# Bytes of output after which a probe is ended: a learner's `while True: print()` must not run until its time-out.
FLOOD = 1024 * 1024
# Characters kept of an exception's text.
MAX_TEXT = 2_000
# Frames kept of a traceback, innermost.
MAX_FRAMES = 8
# Seconds that a shared probe may take where others ran before it in the same process. Few take longer, and those are run once more by themselves.
LATER = 2.0
# Bytes that a pipe takes at once to a process that runs shared probes, where the system lets it: the longest request that is handed on.
HANDED_ON = 256 * 1024
# How often a host that died is started again: more often than a suite has tests, and not for ever where it dies unasked.
MAX_HOSTS = 1_000

# What probes often import: once before the forks, instead of some 10 ms in each of them.
PRELOADED = ("datetime", "decimal", "inspect", "typing")

# Milliseconds between two questions whether a process has ended, where no descriptor tells.
PACE = 5

# The real clock, whatever the virtual one says later.
_monotonic = time.monotonic


def preload() -> None:
    """Imports what a candidate needs before it hears of the learner's code."""
    library.preload(PRELOADED)


class Blocked(Exception):
    """A probe asked for a module that could not be imported."""


class Slate:
    """Says which request a host works at, also when the host is gone: its memory is the keeper's too. Probes let go of it."""

    __slots__ = ("_memory",)

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 1 + wire.NUMBER_SIZE)

    def put(self, number: int) -> None:
        """Writes which request is being worked at."""
        self._memory[:] = b"\1" + number.to_bytes(wire.NUMBER_SIZE, "big")

    def wipe(self) -> None:
        """Writes that none is."""
        self._memory[0] = 0

    def number(self) -> int | None:
        """Returns which request is being worked at."""
        return int.from_bytes(self._memory[1:], "big") if self._memory[0] else None

    def close(self) -> None:
        """Lets go of it."""
        self._memory.close()


class Child:
    """A forked process and what it writes: an answer, output, error output.

    Between two forks the host does what is here and little else. After a fork the kernel gives a process a page of its own for each that
    it touches, so few objects and few calls are quick.
    """

    __slots__ = ("_answer", "_counts", "_err", "_out", "_poller", "_received", "pid", "status")

    def __init__(self, main: Callable[[Callable[[bytes], None]], None], begin: Callable[[], None]) -> None:
        (self._answer, answer), (self._out, out), (self._err, err) = os.pipe(), os.pipe(), os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            _become_child(main, begin, answer, out, err, (self._answer, self._out, self._err))
        self.status: int | None = None
        self.forget()
        self._poller = select.poll()
        for written, read in (answer, self._answer), (out, self._out), (err, self._err):
            os.close(written)
            self._poller.register(read, select.POLLIN)

    def forget(self) -> None:
        """Forgets what it has written; it is to write something else."""
        self._received = {self._answer: b"", self._out: b"", self._err: b""}
        self._counts = {self._answer: 0, self._out: 0, self._err: 0}

    def watch(self, seconds: float) -> str:
        """Waits for an answer, an end, a flood or the time-out, and says which: `answered`, `ended`, `flooded`, `timed-out`.

        What was written until then has been taken.
        """
        deadline = _monotonic() + seconds
        exit_fd = -1
        if sys.platform == "linux":
            exit_fd = os.pidfd_open(self.pid)
            self._poller.register(exit_fd, select.POLLIN)
        how = None
        while how is None:
            left = max(0.0, deadline - _monotonic())
            ended = self._take(left * 1000, exit_fd) if exit_fd != -1 else self._take_and_ask(left * 1000)
            if self.answer() is not None:
                how = "answered"
            elif self._floods():
                how = "flooded"
            elif ended:
                how = "ended"
            elif not left:
                how = "timed-out"
        if exit_fd != -1:
            self._poller.unregister(exit_fd)
            os.close(exit_fd)
        while not self._floods() and self._take(0):
            pass
        if how == "ended" and self.status is None:
            _, self.status = os.waitpid(self.pid, 0)
        return how if self.answer() is None else "answered"

    def _take(self, milliseconds: float, exit_fd: int = -1) -> bool:
        """Takes what arrives first. Returns whether the process has ended or, where that was not asked for, whether anything arrived."""
        ready = self._poller.poll(milliseconds)
        ended = False
        for fd, _ in ready:
            if fd == exit_fd:
                ended = True
                continue
            data = os.read(fd, 65_536)
            if not data:
                self._poller.unregister(fd)
            self._counts[fd] += len(data)
            kept = wire.MAX_FRAME + wire.HEADER_SIZE if fd == self._answer else KEEP
            self._received[fd] += data[: max(0, kept - len(self._received[fd]))]
        return ended if exit_fd != -1 else bool(ready)

    def _take_and_ask(self, milliseconds: float) -> bool:
        """Takes what arrives first, where no descriptor tells of the process's end, and asks for that. Returns whether it has ended."""
        self._take(min(milliseconds, PACE))
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid:
            self.status = status
        return pid != 0

    def _floods(self) -> bool:
        return self._counts[self._out] > FLOOD or self._counts[self._err] > FLOOD or self._counts[self._answer] > 2 * wire.MAX_FRAME

    def answer(self) -> bytes | None:
        """Returns the body of the frame that has arrived, if all of it has."""
        return wire.first_body(self._received[self._answer])

    def output(self) -> tuple[bytes, bytes]:
        """Returns what it printed, capped."""
        return self._kept(self._out), self._kept(self._err)

    def _kept(self, fd: int) -> bytes:
        return self._received[fd] + ("…".encode() if self._counts[fd] > KEEP else b"")

    def end(self) -> None:
        """Kills it with all that is in its process group, and lets go of it."""
        try:
            # The kernel kills a group at one stroke: nothing of it is forked past it.
            os.killpg(self.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            # It is gone, which some systems say so and others so, or it has not come to be a group yet.
            if self.status is None:
                os.kill(self.pid, signal.SIGKILL)
        if self.status is None:
            _, self.status = os.waitpid(self.pid, 0)
        for fd in self._received:
            os.close(fd)

    def ending(self, how: str, seconds: float) -> dict[str, Any]:
        """Returns the observation of a child that ended without an answer."""
        if how == "timed-out":
            return {"kind": "timed-out", "seconds": seconds}
        if how == "flooded":
            return {"kind": "flooded", "bytes": FLOOD}
        status = self.status or 0
        if os.WIFSIGNALED(status):
            return {"kind": "signalled", "signal": os.WTERMSIG(status)}
        return {"kind": "exited", "code": os.waitstatus_to_exitcode(status)}


def _become_child(
    main: Callable[[Callable[[bytes], None]], None],
    begin: Callable[[], None],
    answer: int,
    out: int,
    err: int,
    unused: tuple[int, ...],
) -> None:
    """Runs `main` in the forked process and never returns from it."""
    try:
        begin()
        for fd in unused:
            os.close(fd)
        os.dup2(out, 1)
        os.dup2(err, 2)
        os.close(out)
        os.close(err)

        def send(frame: bytes) -> None:
            view = memoryview(frame)
            while view:
                view = view[os.write(answer, view) :]

        main(send)
        _flush()
        os._exit(0)
    except BaseException:  # noqa: BLE001 - whatever the learner's code raised, this process ends here
        os._exit(70)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:  # noqa: BLE001, S110 - the learner may have put anything in its place
            pass


class Day:
    """What a probe sees of the learner's work: `day.<module>`, and scripts that can be run."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def __getattr__(self, name: str) -> Any:
        if name not in self._host.config["modules"]:
            raise AttributeError(f"the day has no module `{name}` in day.toml")
        if name not in self._host.modules:
            raise Blocked(name)
        self._host.reached.note(self._host.modules[name], "", None)
        return ModuleView(self._host.names, self._host.modules[name])

    def put_back(self) -> None:
        """Makes what the learner's modules hold what it was when they had been imported: for a probe that tries one thing after another."""
        if self._host.held is not None:
            self._host.held.put_back()

    def script(self, path: str, *args: str) -> None:
        """Runs a file of the day's folder as `python FILE ARGS…` would; what it prints is in the observation."""
        import runpy

        sys.argv = [path, *args]
        try:
            runpy.run_path(os.path.join(os.getcwd(), path), run_name="__main__")
        except SystemExit as ending:
            if ending.code not in (None, 0):
                raise


class Call(NamedTuple):
    """A probe's function and what it is called with besides the day."""

    function: Callable[..., Any]
    args: list[Any]
    kwargs: dict[str, Any]


# Runs one probe in its own process: what was asked, its call where one could be made, and where to send what came of it.
Each = Callable[[dict[str, Any], Call | None, Callable[[bytes], None]], None]


class Host:
    """Imports the day's modules and runs probes against them."""

    def __init__(self, config: dict[str, Any], channel: socket.socket, fence: Fence, slate: Slate) -> None:
        self.config = config
        self.channel = channel
        self.fence = fence
        self.slate = slate
        # Notices by what the probe comes that runs, where that is asked for.
        self.reached = Reached(config["root"])
        self.names = Names(config["names"], self.reached)
        self.modules: dict[str, Any] = {}
        self.clock: Any = None
        # The requests that brought a probe's sources, and the modules that these have become, by what stands for them; and what each
        # source has been compiled to.
        self._brought: dict[str, dict[str, Any]] = {}
        self._spaces: dict[str, dict[str, Any]] = {}
        self._codes: dict[str, Any] = {}
        # The process that runs probes, and how one that runs shared ones hears of the next.
        self._child: Child | None = None
        self._tell: int | None = None
        # Whether somebody that a probe has started is left, and cannot be ended.
        self._has_survivors = False
        # What probes were called with and returned, in their process.
        self._kept: list[tuple[Call, Any]] = []
        # What the learner's modules held when they had been imported; without it nothing is put back, and no process runs more than one probe.
        self.held: Held | None = None
        # Notes by what probes come, where that is asked for.
        self._watch = Watch(config["root"]) if config["watched"] else None

    def import_all(self) -> dict[str, Any]:
        """Imports every module of the day that there is, and returns what became of each."""
        report = {}
        for name, path in self.config["modules"].items():
            if path is None:
                report[name] = {"kind": "absent"}
                continue
            try:
                self.modules[name] = self._import(path)
                report[name] = {"kind": "returned"}
            except BaseException as error:  # noqa: BLE001 - SystemExit and KeyboardInterrupt are answers too
                report[name] = self.raised(error)
        self.names.modules = self._learner_modules()
        return report

    def hold(self) -> None:
        """Takes note of what the learner's modules hold, for whoever puts it back."""
        try:
            self.held = Held(self.names.modules, self.config["root"])
        except BaseException:  # noqa: BLE001 - a learner's own `__hash__`, or whatever else looking at it runs
            self.held = None

    def _import(self, path: str) -> Any:
        """Imports a module under its dotted name where the day's folder is a package, else by its own name."""
        stem = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        package = self.config["package"]
        if package and path.endswith(".py"):
            try:
                return importlib.import_module(f"{package}.{stem}")
            except ImportError:
                # It imports its neighbours as if it were not in a package, which works by hand too.
                return importlib.import_module(stem)
        return importlib.import_module(stem)

    def _learner_modules(self) -> set[str]:
        root = self.config["root"] + "/"
        files = ((name, getattr(module, "__file__", None)) for name, module in list(sys.modules.items()))
        return {name for name, file in files if isinstance(file, str) and file.startswith(root)} - {"__main__"}

    def serve(self, each: Each) -> None:
        """Answers requests until the examiner hangs up, or until somebody is left who cannot be ended."""
        while not self._has_survivors and (frame := wire.receive_frame(self.channel.recv)) is not None:
            request = wire.unpack(frame)
            self.slate.put(request["id"])
            self.channel.sendall(self._answer(request, frame, each))
            self.slate.wipe()
        self._end_child()

    def _answer(self, request: dict[str, Any], frame: bytes, each: Each) -> bytes:
        """Returns the reply to a request."""
        if not self._knows(request):
            return wire.pack_reply(request["id"], b"", b"", wire.encode_message({"kind": "unknown"}), is_last=False, is_new=True)
        is_new = not (request["shared"] and self._hand_on(frame))
        child = self._begin(request, each) if is_new or self._child is None else self._child
        seconds = request["timeout"] if is_new else min(LATER, request["timeout"])
        goes_on = False
        try:
            how = child.watch(seconds)
            observation = child.answer()
            if observation is None:
                observation = wire.encode_message(child.ending(how, seconds))
            output = child.output()
            goes_on = how == "answered" and self._tell is not None
        finally:
            if goes_on:
                child.forget()
            else:
                self._end_child()
        return wire.pack_reply(request["id"], *output, observation, is_last=self._has_survivors, is_new=is_new)

    def _knows(self, request: dict[str, Any]) -> bool:
        """Returns whether the sources of the probe that a request is about have come, with this one or before it."""
        if "source" in request:
            self._brought[request["probe"]] = request
        return request["probe"] in self._brought

    def _begin(self, request: dict[str, Any], each: Each) -> Child:
        """Starts a process that runs a probe, and others after it if it is a shared one."""
        self._end_child()
        try:
            # Before the fork: the same probe comes with many arguments, and what a fork does costs it pages.
            call: Call | None = self._call_of(request)
        except Exception:  # noqa: BLE001 - it will be raised again where it can be observed
            call = None
        if not (request["shared"] and self.held):
            self._child = Child(lambda send: each(request, call, send), self._begin_probe)
            return self._child
        hear, self._tell = os.pipe()
        self._child = Child(lambda send: self._run_shared(request, call, send, hear), self._begin_probe)
        os.close(hear)
        os.set_blocking(self._tell, False)
        if sys.platform == "linux":
            with suppress(OSError):
                fcntl.fcntl(self._tell, fcntl.F_SETPIPE_SZ, HANDED_ON)
        return self._child

    def _hand_on(self, frame: bytes) -> bool:
        """Tells the process that runs shared probes of the next. Returns whether there is one, and it may have heard."""
        if self._tell is None:
            return False
        told = wire.pack_body(frame)
        try:
            return os.write(self._tell, told) == len(told)
        except OSError:
            # It has come to its end, or does not listen. Nobody waits for it.
            return False

    def _end_child(self) -> None:
        """Ends the process that runs probes, if there is one, and whoever descends from it."""
        if self._child is not None:
            self._child.end()
            if self._tell is not None:
                os.close(self._tell)
            self._child = self._tell = None
            self._has_survivors |= not self.fence.clear()

    def _begin_probe(self) -> None:
        """Makes a process group of its own, and closes what is not for a probe."""
        os.setpgrp()
        self.fence.enter()
        os.close(self.channel.detach())
        self.fence.close()
        self.slate.close()

    def _call_of(self, request: dict[str, Any]) -> Call:
        """Returns the call that a request asks for."""
        probe = request["probe"]
        if probe not in self._spaces:
            brought = self._brought[probe]
            # Once before the forks, instead of some 20 ms in each of them.
            library.preload(brought["imports"])
            self._spaces[probe] = self._space(brought["source"])
        return Call(self._spaces[probe][request["name"]], wire.decode(request["args"]), wire.decode(request["kwargs"]))

    def run_probe(self, request: dict[str, Any], call: Call | None, send: Callable[[bytes], None]) -> None:
        """Runs one probe, in its own process, and sends what came of it. Without its call it finds out why there is none."""
        is_located = bool(request.get("located"))
        watch = None if is_located else self._watch
        if watch:
            watch.begin(is_probe=True)
        elif is_located:
            self.reached.begin()
        raised: BaseException | None = None
        try:
            result = self._result_of(call or self._call_of(request))
            observation = {"kind": "returned", "value": wire.encode(raw(result), _describe)}
        except wire.TooLarge as error:
            observation = {"kind": "too-large", "text": str(error)}
        except BaseException as error:  # noqa: BLE001
            raised, observation = error, self._told_of(error)
        if watch:
            # Before the learner's lines are read for a traceback, which nothing depends on.
            observation["reach"] = watch.end()
        elif is_located:
            observation["reached"] = self.reached.end()
        if raised is not None and observation["kind"] == "raised":
            observation["frames"] = self._frames(raised)
        _flush()
        try:
            frame = wire.pack(observation)
        except wire.TooLarge as error:
            frame = wire.pack({"kind": "too-large", "text": str(error)})
        send(frame)

    def _run_shared(self, request: dict[str, Any], call: Call | None, send: Callable[[bytes], None], hear: int) -> None:
        """Runs a shared probe and those that come after it, in their process, as long as that is whole."""
        if self._tell is not None:
            os.close(self._tell)
        # So that it sees whoever is left, also who has lost a parent.
        adopt_orphans()
        self.run_probe(request, call, send)
        while _thread_count() == 1 and is_alone():
            following = wire.receive_message(lambda count: os.read(hear, count))
            if following is None:
                return
            self._knows(following)
            assert self.held is not None
            self.held.put_back()
            self.run_probe(following, None, send)

    def _result_of(self, call: Call) -> Any:
        if self.clock:
            self.clock.begin()
        result = call.function(Day(self), *call.args, **call.kwargs)
        if hasattr(result, "__await__") and type(result).__name__ == "coroutine":
            import asyncio

            result = asyncio.run(result)
        # No later probe of the same process is to meet another's objects at the same places.
        self._kept.append((call, result))
        return result

    def _space(self, sources: Iterable[str]) -> dict[str, Any]:
        """Returns a probe's module after it ran."""
        space = {
            "__name__": "probe",
            "probe": _as_it_is,
            "helper": lambda function: function,
            "clock": self.clock,
            "raw": raw,
            "value": value,
            "Missing": Missing,
        }
        for source in sources:
            # Most helpers come with many probes, and compiling them takes longer than running them.
            if source not in self._codes:
                # Without `dont_inherit` this file's `from __future__` would make strings of the annotations in a probe.
                self._codes[source] = compile(source, "<probe>", "exec", dont_inherit=True)
            exec(self._codes[source], space)  # noqa: S102 - this is what a probe is
        return space

    def raised(self, error: BaseException) -> dict[str, Any]:
        """Returns the observation of an exception, with the learner's frames of its traceback."""
        told = self._told_of(error)
        return {**told, "frames": self._frames(error)} if told["kind"] == "raised" else told

    @staticmethod
    def _told_of(error: BaseException) -> dict[str, Any]:
        if isinstance(error, Missing):
            return {"kind": "missing", "owner": error.owner, "name": error.name, "tried": error.tried}
        if isinstance(error, Blocked):
            return {"kind": "blocked", "module": str(error)}
        return {
            "kind": "raised",
            "types": [_name_of(cls) for cls in type(error).__mro__ if cls is not object],
            "message": _text_of(error),
            "cause": _name_of(type(error.__cause__)) if error.__cause__ is not None else None,
        }

    def _frames(self, error: BaseException) -> list[dict[str, Any]]:
        root = self.config["root"] + "/"
        frames = [
            {"path": frame.filename.removeprefix(root), "line": frame.lineno or 0, "function": frame.name, "code": frame.line or ""}
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename.startswith(root)
        ]
        if isinstance(error, SyntaxError) and isinstance(error.filename, str) and error.filename.startswith(root):
            path = error.filename.removeprefix(root)
            frames.append({"path": path, "line": error.lineno or 0, "function": "", "code": (error.text or "").strip()})
        return [{key: item[:300] if isinstance(item, str) else item for key, item in frame.items()} for frame in frames[-MAX_FRAMES:]]


def _as_it_is(function: Callable[..., Any] | None = None, **_: bool) -> Callable[..., Any]:
    """Stands for `probe` where probes run."""
    return function or _as_it_is


def _name_of(cls: type) -> str:
    return cls.__qualname__ if cls.__module__ == "builtins" else f"{cls.__module__}.{cls.__qualname__}"


def _text_of(error: BaseException) -> str:
    try:
        return str(error)[:MAX_TEXT]
    except BaseException:  # noqa: BLE001 - a learner's own __str__
        return "<its text cannot be had>"


def _describe(item: object) -> tuple[str, str]:
    cls = type(raw(item))
    try:
        text = repr(raw(item))
    except BaseException:  # noqa: BLE001 - a learner's own __repr__
        text = f"<a {cls.__name__} whose repr raises>"
    return _name_of(cls), str(text)[: wire.MAX_REPR]


class Keeper:
    """Starts hosts."""

    def __init__(self, config: dict[str, Any], channel: socket.socket) -> None:
        self.fence = Fence()
        self.slate = Slate()
        self.host = Host(config, channel, self.fence, self.slate)
        self.channel = channel
        self.seconds = float(config["import_timeout"])
        # Whether every probe imports anew.
        self._anew = False

    def run(self) -> None:
        """Keeps hosts until the examiner hangs up."""
        if self.host.config["clock"] == "virtual":
            from . import clock

            self.host.clock = clock.install()
        preload()
        adopt_orphans()
        self.fence.enter()
        _set_paths(self.host.config)
        gc.freeze()
        gc.enable()
        for attempt in range(MAX_HOSTS):
            if self._one_host(first=attempt == 0):
                return

    def _one_host(self, first: bool) -> bool:
        """Runs a host to its end. Returns whether all is done."""
        child = Child(self._empty_host_main if self._anew else self._host_main, self._begin_host)
        how = child.watch(self.seconds)
        if how != "answered":
            stdout, stderr = (printed.decode("utf-8", "replace") for printed in child.output())
            ending = {**child.ending(how, self.seconds), "stdout": stdout, "stderr": stderr}
            child.end()
            self._say({"kind": "import-failed", "ending": ending})
            return True
        try:
            report = wire.unpack(child.answer() or b"")
        except wire.WireError:
            report = {"kind": "garbled"}
        if first:
            self._say(report)
            self._anew = bool(report.get("anew"))
        if first and self._anew:
            child.end()
            return False
        if child.status is None:
            _, status = os.waitpid(child.pid, os.WUNTRACED)
            child.status = None if os.WIFSTOPPED(status) else status
        # Whoever stopped it and not killed it meant it to be waited for.
        child.end()
        if select.select([self.channel], [], [], 0)[0] and not self.channel.recv(1, socket.MSG_PEEK):
            return True
        if (number := self.slate.number()) is not None:
            # Whatever ran in that process before may be what killed it.
            self._send(wire.pack_reply(number, b"", b"", wire.encode_message({"kind": "host-died"}), is_last=False, is_new=False))
        self.slate.wipe()
        return not self.fence.clear()

    def _begin_host(self) -> None:
        # A session and not only a group: nobody joins the keeper's group from another session.
        os.setsid()
        self.fence.enter()

    def _host_main(self, send: Callable[[bytes], None]) -> None:
        adopt_orphans()
        watch = Watch(self.host.config["root"]) if self.host.config["watched"] else None
        if watch:
            watch.begin(is_probe=False)
        modules = self.host.import_all()
        reach = watch.end() if watch else None
        anew = _thread_count() > 1 or not is_alone()
        _flush()
        if anew:
            self.fence.clear()
        else:
            self.host.hold()
        send(wire.pack({"kind": "imported", "modules": modules, "anew": anew, "reach": None if anew else reach}))
        if not anew:
            _silence()
            gc.freeze()
            self.host.serve(self.host.run_probe)

    def _empty_host_main(self, send: Callable[[bytes], None]) -> None:
        def each(request: dict[str, Any], call: Call | None, send: Callable[[bytes], None]) -> None:
            self.host.import_all()
            self.host.hold()
            self.host.run_probe(request, call, send)

        adopt_orphans()
        send(wire.pack({"kind": "ready"}))
        _silence()
        self.host.serve(each)

    def _say(self, message: dict[str, Any]) -> None:
        try:
            self._send(wire.pack(message))
        except wire.TooLarge:
            pass

    def _send(self, frame: bytes) -> None:
        try:
            self.channel.sendall(frame)
        except OSError:
            pass


def _silence() -> None:
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)
    os.dup2(null, 2)


def _thread_count() -> int:
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        # Not every sandbox shows /proc. Threads that an extension starts by itself are not seen then.
        # Not at the top: once it is imported, it does something in every fork that takes longer than the fork.
        import threading

        return threading.active_count()


def _set_paths(config: dict[str, Any]) -> None:
    """Makes imports work as they do for the learner: from the day's folder, from the root, from their own settings."""
    sys.path[:0] = [os.path.join(config["root"], path).rstrip("/.") for path in config["path"]]
    sys.dont_write_bytecode = True
    os.chdir(os.path.join(config["root"], config["folder"]))
    sys.argv = [""]
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True, errors="backslashreplace")  # type: ignore[union-attr]


def main() -> None:
    """Runs the candidate on the socket that is its file descriptor 3; its working directory is the submission's root."""
    channel = socket.socket(fileno=3)
    config = wire.receive_message(channel.recv)
    if config is not None:
        Keeper(config | {"root": os.getcwd()}, channel).run()
    os._exit(0)
