"""The candidate: the process in which the learner's code runs, alone with it in the sandbox.

    keeper ──fork──► host ──fork──► one process for each probe
    (never imports    (has imported    (runs one probe, sends one
     learner code)     the modules)     observation, is killed)

The keeper speaks to nobody; it holds the socket so that it can say how the host died, and starts another. The host reads probes from
the socket and answers each with an observation. Where the learner's import starts threads, a fork of the host would be a
fork of a threaded process; then the keeper serves, and every probe imports anew. Nothing here is trusted by the examiner: whatever a
learner's code does to these processes, it can only change what is observed.
"""

from __future__ import annotations

import gc
import importlib
import os
import select
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from types import CodeType
from typing import Any

from . import wire
from .names import Missing, ModuleView, Names, raw, value

# Bytes kept of each of a probe's output streams; what is beyond `FLOOD` ends the probe.
KEEP = 16 * 1024
# Bytes of output after which a probe is ended: a learner's `while True: print()` must not run until its time-out.
FLOOD = 1024 * 1024
# Characters kept of an exception's text.
MAX_TEXT = 2_000
# Frames kept of a traceback, innermost.
MAX_FRAMES = 8
# How often a host that died is started again.
MAX_HOSTS = 20

# What probes often import: once before the forks, instead of some 10 ms in each of them.
PRELOADED = ("datetime", "decimal", "inspect", "typing")

# The real clock, whatever the virtual one says later.
_monotonic = time.monotonic


class Blocked(Exception):
    """A probe asked for a module that could not be imported."""


class Child:
    """A forked process that is watched: its answer, its output, its end."""

    def __init__(self, main: Callable[[Callable[[bytes], None]], None], close: Callable[[], None]) -> None:
        answer, out, err = os.pipe(), os.pipe(), os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            _become_child(main, close, answer[1], out[1], err[1], (answer[0], out[0], err[0]))
        for pipe in (answer, out, err):
            os.close(pipe[1])
            os.set_blocking(pipe[0], False)
        self.answer_fd, self.out_fd, self.err_fd = answer[0], out[0], err[0]
        self.received: dict[int, bytearray] = {fd: bytearray() for fd in (self.answer_fd, self.out_fd, self.err_fd)}
        self.counts = dict.fromkeys(self.received, 0)
        self.open = set(self.received)
        self.status: int | None = None

    def watch(self, seconds: float) -> str:
        """Waits for an answer, an end, a flood or the time-out, and says which: `answered`, `ended`, `flooded`, `timed-out`."""
        deadline = _monotonic() + seconds
        poller = select.poll()
        for fd in self.open:
            poller.register(fd, select.POLLIN)
        exit_fd = os.pidfd_open(self.pid)
        poller.register(exit_fd, select.POLLIN)
        try:
            while True:
                left = deadline - _monotonic()
                if left <= 0:
                    return "timed-out"
                for fd, _ in poller.poll(left * 1000):
                    if fd != exit_fd and not self._drain(fd):
                        poller.unregister(fd)
                if self.answer() is not None:
                    return "answered"
                if any(self.counts[fd] > FLOOD for fd in (self.out_fd, self.err_fd)):
                    return "flooded"
                if self._reap(os.WNOHANG):
                    self.drain_all()
                    return "answered" if self.answer() is not None else "ended"
        finally:
            os.close(exit_fd)

    def _drain(self, fd: int) -> bool:
        """Takes what is there. Returns False at the end of the stream."""
        keep = wire.MAX_FRAME + 4 if fd == self.answer_fd else KEEP
        try:
            data = os.read(fd, 65_536)
        except BlockingIOError:
            return True
        self.counts[fd] += len(data)
        self.received[fd] += data[: max(0, keep - len(self.received[fd]))]
        if not data:
            self.open.discard(fd)
        return bool(data)

    def drain_all(self) -> None:
        """Takes what has been written so far, without waiting."""
        for fd in list(self.open):
            before = -1
            while fd in self.open and self.counts[fd] != before and self.counts[fd] <= FLOOD + wire.MAX_FRAME:
                before = self.counts[fd]
                self._drain(fd)

    def answer(self) -> bytes | None:
        """Returns the body of the whole frame that has arrived, if one has."""
        data = self.received[self.answer_fd]
        if len(data) < 4:
            return None
        length = int.from_bytes(data[:4], "big")
        return bytes(data[4 : 4 + length]) if length <= wire.MAX_FRAME and len(data) >= 4 + length else None

    def output(self) -> dict[str, Any]:
        """Returns what it printed, capped, as text."""
        return {
            name: bytes(self.received[fd]).decode("utf-8", "replace") + ("…" if self.counts[fd] > KEEP else "")
            for name, fd in (("stdout", self.out_fd), ("stderr", self.err_fd))
        }

    def _reap(self, options: int) -> bool:
        if self.status is None:
            pid, status = os.waitpid(self.pid, options)
            if pid:
                self.status = status
        return self.status is not None

    def end(self) -> None:
        """Kills it with all that is in its process group, and lets go of it."""
        for kill in (lambda: os.killpg(self.pid, signal.SIGKILL), lambda: os.kill(self.pid, signal.SIGKILL)):
            if self.status is None:
                _ignoring(ProcessLookupError, kill)
        self._reap(0)
        _ignoring(ProcessLookupError, lambda: os.killpg(self.pid, signal.SIGKILL))
        for fd in self.received:
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


def _ignoring(error: type[BaseException], action: Callable[[], object]) -> None:
    try:
        action()
    except error:
        pass


def _become_child(
    main: Callable[[Callable[[bytes], None]], None],
    close: Callable[[], None],
    answer: int,
    out: int,
    err: int,
    unused: tuple[int, ...],
) -> None:
    """Runs `main` in the forked process and never returns from it."""
    try:
        os.setpgid(0, 0)
        close()
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
        return ModuleView(self._host.names, self._host.modules[name])

    def script(self, path: str, *args: str) -> None:
        """Runs a file of the day's folder as `python FILE ARGS…` would; what it prints is in the observation."""
        import runpy

        sys.argv = [path, *args]
        try:
            runpy.run_path(os.path.join(os.getcwd(), path), run_name="__main__")
        except SystemExit as ending:
            if ending.code not in (None, 0):
                raise


class Host:
    """Imports the day's modules and runs probes against them."""

    def __init__(self, config: dict[str, Any], channel: socket.socket) -> None:
        self.config = config
        self.channel = channel
        self.names = Names(config["names"])
        self.modules: dict[str, Any] = {}
        self.clock: Any = None
        self._compiled: dict[str, CodeType] = {}

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

    def serve(self, each: Callable[[dict[str, Any], Callable[[bytes], None]], None]) -> None:
        """Answers requests until the examiner hangs up."""
        while (request := wire.receive_message(self.channel.recv)) is not None:
            self.channel.sendall(self._answer(request, each))

    def _answer(self, request: dict[str, Any], each: Callable[[dict[str, Any], Callable[[bytes], None]], None]) -> bytes:
        # Here and not in the child: the same source comes with many arguments, and compiling it costs as much as a fork.
        _ignoring(Exception, lambda: self._compile(request["source"]))
        child = Child(lambda send: each(request, send), self.channel.close)
        try:
            how = child.watch(request["timeout"])
            child.drain_all()
            observation = None
            if how == "answered":
                try:
                    observation = wire.unpack(child.answer() or b"")
                except wire.WireError:
                    observation = {"kind": "garbled"}
            else:
                observation = child.ending(how, request["timeout"])
            return wire.pack({**observation, **child.output(), "id": request["id"]})
        finally:
            child.end()

    def run_probe(self, request: dict[str, Any], send: Callable[[bytes], None]) -> None:
        """Runs one probe, in its own process, and sends what came of it."""
        if self.clock:
            self.clock.begin()
        try:
            result = self._call(request)
            observation = {"kind": "returned", "value": wire.encode(raw(result), _describe)}
        except wire.TooLarge as error:
            observation = {"kind": "too-large", "text": str(error)}
        except BaseException as error:  # noqa: BLE001
            observation = self.raised(error)
        _flush()
        try:
            frame = wire.pack(observation)
        except wire.TooLarge as error:
            frame = wire.pack({"kind": "too-large", "text": str(error)})
        send(frame)

    def _call(self, request: dict[str, Any]) -> Any:
        space = self._namespace()
        exec(self._compile(request["source"]), space)  # noqa: S102 - this is what a probe is
        function = space[request["name"]]
        result = function(Day(self), *wire.decode(request["args"]), **wire.decode(request["kwargs"]))
        if hasattr(result, "__await__") and type(result).__name__ == "coroutine":
            import asyncio

            return asyncio.run(result)
        return result

    def _compile(self, source: str) -> CodeType:
        if source not in self._compiled:
            # Without `dont_inherit` this file's `from __future__` would make strings of the annotations in a probe.
            self._compiled[source] = compile(source, "<probe>", "exec", dont_inherit=True)
        return self._compiled[source]

    def _namespace(self) -> dict[str, Any]:
        return {
            "__name__": "probe",
            "probe": lambda function: function,
            "helper": lambda function: function,
            "clock": self.clock,
            "raw": raw,
            "value": value,
            "Missing": Missing,
        }

    def raised(self, error: BaseException) -> dict[str, Any]:
        """Returns the observation of an exception, with the learner's frames of its traceback."""
        if isinstance(error, Missing):
            return {"kind": "missing", "owner": error.owner, "name": error.name, "tried": error.tried}
        if isinstance(error, Blocked):
            return {"kind": "blocked", "module": str(error)}
        return {
            "kind": "raised",
            "types": [_name_of(cls) for cls in type(error).__mro__ if cls is not object],
            "message": _text_of(error),
            "cause": _name_of(type(error.__cause__)) if error.__cause__ is not None else None,
            "frames": self._frames(error),
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
    """Starts hosts, and serves itself where a host may not fork."""

    def __init__(self, config: dict[str, Any], channel: socket.socket) -> None:
        self.host = Host(config, channel)
        self.channel = channel
        self.seconds = float(config["import_timeout"])

    def run(self) -> None:
        """Serves until the examiner hangs up."""
        if self.host.config["clock"] == "virtual":
            from . import clock

            self.host.clock = clock.install()
        for name in PRELOADED:
            importlib.import_module(name)
        _set_paths(self.host.config)
        gc.freeze()
        gc.enable()
        for attempt in range(MAX_HOSTS):
            if self._one_host(first=attempt == 0):
                return

    def _one_host(self, first: bool) -> bool:
        """Runs a host to its end. Returns whether all is done."""
        child = Child(self._host_main, lambda: None)
        how = child.watch(self.seconds)
        if how != "answered":
            child.drain_all()
            ending = child.ending(how, self.seconds) | child.output()
            child.end()
            self._say({"kind": "import-failed", "ending": ending})
            return True
        try:
            report = wire.unpack(child.answer() or b"")
        except wire.WireError:
            report = {"kind": "garbled"}
        if first:
            self._say(report | child.output())
        if report.get("threads"):
            child.end()
            self._serve_without_host()
            return True
        os.waitpid(child.pid, 0)
        child.status = 0
        child.end()
        if select.select([self.channel], [], [], 0)[0] and not self.channel.recv(1, socket.MSG_PEEK):
            return True
        self._say({"kind": "host-died"})
        return False

    def _host_main(self, send: Callable[[bytes], None]) -> None:
        modules = self.host.import_all()
        threads = len(os.listdir("/proc/self/task")) > 1 if os.path.isdir("/proc/self/task") else False
        _flush()
        send(wire.pack({"kind": "imported", "modules": modules, "threads": threads}))
        if not threads:
            null = os.open(os.devnull, os.O_RDWR)
            os.dup2(null, 1)
            os.dup2(null, 2)
            gc.freeze()
            self.host.serve(self.host.run_probe)

    def _serve_without_host(self) -> None:
        def each(request: dict[str, Any], send: Callable[[bytes], None]) -> None:
            self.host.import_all()
            self.host.run_probe(request, send)

        self.host.serve(each)

    def _say(self, message: dict[str, Any]) -> None:
        try:
            self.channel.sendall(wire.pack(message))
        except (OSError, wire.TooLarge):
            pass


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
