"""What the author of a hidden suite writes with: `probe`, `helper`, `requirement`, and the candidate that probes are sent to.

    @probe
    def survivors(day, capacity, keys):
        '''put {keys} into a cache of {capacity}: which are left'''
        ...                                             # runs in the candidate

    @requirement("lru-cache")
    def test_the_oldest_key_is_evicted(candidate, rng):  # runs in the examiner
        assert candidate.run(survivors, 2, [1, 2, 3]) == [2, 3]

A probe is sent as source, with the helpers that it names. Its docstring says to the learner what was run; `{names}` in it are its
arguments. It imports what it needs within itself, because nothing of the hidden module goes with it.
"""

from __future__ import annotations

import builtins
import dis
import functools
import hashlib
import inspect
import json
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from types import CodeType, FunctionType
from typing import Any

import pytest

from . import wire
from .reached import MOST
from .recall import Memory, key_of
from .watch import Part

# What a probe may name without importing or defining it.
PROVIDED = {"probe", "helper", "clock", "raw", "value", "Missing"}
_LOAD_GLOBAL, _LOAD_NAME, _IMPORT_NAME, _EXTENDED_ARG = (
    dis.opmap[name] for name in ("LOAD_GLOBAL", "LOAD_NAME", "IMPORT_NAME", "EXTENDED_ARG")
)
# Seconds more than its own time-out that the examiner waits for an observation, for a machine under load.
PATIENCE = 30.0
# Seconds that a probe may take to be run once more only to say where to look, and that this may take for all tests together.
LOCATING, LOCATING_ALL = 2.0, 10.0
# What a process may answer that goes on to other probes. Else whatever ran in it before may be the reason.
_ANSWERS = ("returned", "raised", "missing")


class SuiteError(Exception):
    """The hidden suite is at fault: ours, never the learner's."""


def probe(function: Callable[..., Any] | None = None, *, shared: bool = False) -> Callable[..., Any]:
    """Marks a function that is sent to the candidate and run there. Its docstring is shown to the learner.

    Most of the time of a probe goes into starting its process. `@probe(shared=True)` is for those that leave nothing behind but in what
    the learner's modules hold, which is put back: they run in one process, one after the other, as long as no other probe comes between,
    and one that is asked the same again is not run again. A test that fails by an answer of such a process runs once more, with a process for each
    probe. So nobody fails because of what one probe has left behind for another.
    """
    if function is None:
        return functools.partial(probe, shared=shared)
    if not inspect.getdoc(function):
        raise SuiteError(f"the probe `{function.__name__}` has no docstring; it tells the learner what was run")
    function.__grade__ = "probe"  # type: ignore[attr-defined]
    function.__shared__ = shared  # type: ignore[attr-defined]
    return function


def helper(function: Callable[..., Any]) -> Callable[..., Any]:
    """Marks a function that goes with the probes that name it."""
    function.__grade__ = "helper"  # type: ignore[attr-defined]
    return function


def requirement(slug: str) -> pytest.MarkDecorator:
    """Marks the tests of a requirement of day.toml."""
    return pytest.mark.requirement(slug)


@functools.cache
def _lines(path: str) -> list[str]:
    with open(path, encoding="utf-8") as file:
        return file.read().splitlines()


def _within(code: CodeType) -> Iterator[CodeType]:
    """Yields a function's code and that of everything defined in it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _within(constant)


def _text_of(code: CodeType) -> str:
    """Returns the source of a function. Parsing its file for that would take longer than its probes."""
    ends = (end for each in _within(code) for _, end, _, _ in each.co_positions())
    return "\n".join(_lines(code.co_filename)[code.co_firstlineno - 1 : max(end or 0 for end in ends)])


def _names_of(code: CodeType) -> tuple[set[str], set[str]]:
    """Returns the names that a function takes from its module, and the modules that it imports.

    Reads the instructions as `dis` documents them (https://docs.python.org/3/library/dis.html#opcode-LOAD_GLOBAL); `dis` itself
    would take longer than the suite.
    """
    taken, imported = set(), set()
    for each in _within(code):
        extended = 0
        for operation, low in zip(each.co_code[::2], each.co_code[1::2], strict=True):
            argument = extended | low
            extended = argument << 8 if operation == _EXTENDED_ARG else 0
            if operation == _LOAD_GLOBAL:
                taken.add(each.co_names[argument >> 1])
            elif operation == _LOAD_NAME:
                taken.add(each.co_names[argument])
            elif operation == _IMPORT_NAME:
                imported.add(each.co_names[argument])
    # What pytest's rewriting of assertions adds begins with `@`.
    return {name for name in taken if not name.startswith("@")}, imported


@dataclass(frozen=True)
class Parcel:
    """What is sent for a probe."""

    # The sources of its helpers, each by itself, then its own.
    sources: list[str]
    # The modules that these import.
    imports: list[str]
    # The attributes that these name: of modules, among others.
    attributes: frozenset[str]
    # What stands for the sources.
    digest: str


@functools.cache
def parcel_of(function: Callable[..., Any]) -> Parcel:
    """Returns what is sent for a probe. Raises `SuiteError`."""
    parts: dict[str, str] = {}
    imports: set[str] = set()
    attributes: set[str] = set()
    _collect(function, parts, imports, attributes)
    sources = list(parts.values())
    return Parcel(sources, sorted(imports), frozenset(attributes), hashlib.sha256(json.dumps(sources).encode()).hexdigest())


def make_up_parcels(folder: str) -> None:
    """Makes up what is sent and said of each probe of the modules below a folder, for all who fork from here."""
    for module in list(sys.modules.values()):
        if (getattr(module, "__file__", None) or "").startswith(folder + os.sep):
            for function in list(vars(module).values()):
                if isinstance(function, FunctionType) and getattr(function, "__grade__", None) == "probe":
                    # What is wrong with a probe is said to the test that sends it.
                    with suppress(Exception):
                        parcel_of(function)
                        _signature_and_words(function)


@functools.cache
def _read(function: Callable[..., Any]) -> tuple[set[str], set[str], str]:
    """Returns the names that a function takes from its module, what it imports, and its source. Most helpers go along with many probes."""
    return *_names_of(function.__code__), _text_of(function.__code__)


def _collect(function: Callable[..., Any], parts: dict[str, str], imports: set[str], attributes: set[str]) -> None:
    code: CodeType = function.__code__
    if function.__qualname__ != code.co_name:
        raise SuiteError(f"`{function.__name__}` is not a function at the top of its module")
    parts[function.__name__] = ""
    names, imported, text = _read(function)
    imports |= imported
    attributes.update(*(each.co_names for each in _within(code)))
    for name in sorted(names - PROVIDED):
        used = function.__globals__.get(name)
        if callable(used) and getattr(used, "__grade__", None):
            if name not in parts:
                _collect(used, parts, imports, attributes)
        elif not hasattr(builtins, name):
            raise SuiteError(f"`{function.__name__}` names `{name}`, which does not go with it; mark it `@helper` or import it within")
    # After its helpers, because it may name them in a decorator or a default.
    del parts[function.__name__]
    parts[function.__name__] = text


@dataclass(frozen=True)
class Observation:
    """What came back from a probe. `kind` says which of the fields mean anything."""

    kind: str
    # What was run, in words.
    did: str
    # The value that was returned (kind `returned`): plain data.
    value: Any = None
    # The exception's type and its bases (kind `raised`): `["builtins name or module.name", …]`.
    types: tuple[str, ...] = ()
    # The exception's text.
    message: str = ""
    # The type of its `__cause__`.
    cause: str | None = None
    # The learner's frames, innermost last: dicts of path, line, function, code.
    frames: tuple[dict[str, Any], ...] = ()
    # By which parts of the submission it came, as the candidate says where it is asked to notice.
    reached: tuple[Part, ...] = ()
    # The files of the modules that the probe names.
    files: tuple[Part, ...] = ()
    # The rest of the message, as it came.
    rest: dict[str, Any] = field(default_factory=dict)
    # What was printed meanwhile, capped.
    stdout: str = ""
    stderr: str = ""

    @property
    def raised(self) -> str | None:
        """The name of the exception's type without its module, or None when nothing was raised."""
        return self.types[0].rpartition(".")[2] if self.kind == "raised" else None

    def raised_a(self, *names: str) -> bool:
        """Whether an exception of one of these types, or of a type derived from one, was raised."""
        return self.kind == "raised" and any(each.rpartition(".")[2] in names for each in self.types)

    @property
    def answered(self) -> bool:
        """Whether the learner's code came to an end of its own: it returned or raised."""
        return self.kind in ("returned", "raised")


class ProbeFailed(Exception):
    """A probe brought no value back; `observation` says what happened instead."""

    def __init__(self, observation: Observation) -> None:
        super().__init__(observation.kind)
        self.observation = observation


class Lost(BaseException):
    """The candidate was gone when a test needed it: the test runs once more, with another one.

    Not an `Exception`, because a hidden test that expects one must not take this for it.
    """


class Candidate:
    """The other end of the socket: sends probes and takes observations.

    A candidate that is gone may have been killed by the test that runs, or by what an earlier one left behind, or by the machine. So that
    test runs once more, with a candidate that no other test has seen. If that one dies too, the test has killed it.
    """

    def __init__(self, channel: socket.socket, another: Callable[[], socket.socket], config: dict[str, Any], memory: Memory | None = None) -> None:
        self.config = config
        self._memory = memory
        self.imports: dict[str, Any] = {}
        # What each probe of the present test observed.
        self.log: list[Observation] = []
        # The request for the last of them, unless it took long, and the seconds that are left for running such once more.
        self._last: dict[str, Any] | None = None
        self._left = LOCATING_ALL
        self._channel = channel
        self._another = another
        # The number of the last request.
        self._asked = 0
        # What every probe is answered with, where there is nobody to ask.
        self._dead: dict[str, Any] | None = None
        # Whether the candidate is gone, and another one may do.
        self._lost = False
        # Whether the present test runs once more because its candidate was gone.
        self._again = False
        # The probes whose sources the candidate has, as `probe` in requests.
        self._told: set[str] = set()
        # What shared probes answered, by the keys of their requests.
        self._answers: dict[str, dict[str, Any]] = {}
        # Whether probes share a process: not in a test that runs once more, nor after one took too long in there.
        self._may_share = True
        self._is_quick = True
        # Whether the present test has an answer that was not of a new process, or was another test's.
        self.has_shared = False
        self._greet()

    def begin(self, again: bool, apart: bool) -> None:
        """Makes ready for a test. It may run once more: with another candidate, or so that each probe has a process of its own."""
        self.forget()
        self._again, self._may_share = again, not apart
        if self._lost:
            self._renew()

    def forget(self) -> None:
        """Forgets what the test before has asked."""
        self.log.clear()
        self.has_shared = False

    def _renew(self) -> None:
        """Takes another candidate in the place of this one."""
        self._channel.close()
        self._channel = self._another()
        self._dead, self._lost = None, False
        self._told.clear()
        self._greet()

    def run(self, function: Callable[..., Any], *args: Any, timeout: float | None = None, **kwargs: Any) -> Any:
        """Runs a probe and returns what it returned: plain data. Raises `ProbeFailed` when there is none."""
        observation = self.observe(function, *args, timeout=timeout, **kwargs)
        if observation.kind != "returned":
            raise ProbeFailed(observation)
        return observation.value

    def observe(self, function: Callable[..., Any], *args: Any, timeout: float | None = None, **kwargs: Any) -> Observation:
        """Runs a probe and returns all that was observed. `timeout` is in real seconds.

        Raises `ProbeFailed` where the learner's code did not come to an end of its own or has no such name.
        """
        if getattr(function, "__grade__", None) != "probe":
            raise SuiteError(f"`{function.__name__}` is not marked `@probe`")
        did = _in_words(function, args, kwargs)
        request = self._request(function, args, kwargs, timeout)
        began = time.monotonic()
        observation = replace(_observation(did, self._ask(request)), files=self._files_of(function))
        self._last = request if time.monotonic() - began < LOCATING else None
        self.log.append(observation)
        if not observation.answered:
            raise ProbeFailed(observation)
        return observation

    def locate(self) -> tuple[Part, ...]:
        """Runs the last probe once more, to notice by which parts of the submission it comes. Returns nothing where it takes long, or comes to no end."""
        if self._last is None or self._left <= 0:
            return ()
        request = {**self._last, "shared": False, "located": True, "timeout": LOCATING}
        began = time.monotonic()
        try:
            return _observation("", self._converse(request)).reached
        except Lost:
            return ()
        finally:
            self._left -= time.monotonic() - began

    def _files_of(self, function: Callable[..., Any]) -> tuple[Part, ...]:
        """Returns the files of the modules that a probe names."""
        modules, named = self.config["modules"], parcel_of(function).attributes
        return tuple((os.path.normpath(os.path.join(self.config["folder"], path)), "") for name, path in modules.items() if path and name in named)

    def _request(self, function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any], timeout: float | None) -> dict[str, Any]:
        parcel = parcel_of(function)
        return {
            "probe": parcel.digest,
            "source": parcel.sources,
            "imports": parcel.imports,
            "name": function.__name__,
            "shared": function.__shared__ and self._may_share and self._is_quick,  # type: ignore[attr-defined]
            "args": wire.encode(list(args), _refuse),
            "kwargs": wire.encode(kwargs, _refuse),
            "timeout": timeout or float(self.config["probe_timeout"]),
        }

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        if self._dead:
            return self._dead
        if self._memory and (known := self._memory.known(request)) is not None:
            return known
        key = key_of(request)
        if request["shared"] and key in self._answers:
            self.has_shared = True
            reply = dict(self._answers[key])
        else:
            reply = self._converse(request)
            if request["shared"] and reply.get("kind") in _ANSWERS:
                self._answers[key] = dict(reply)
        if self._memory:
            self._memory.note(request, reply)
        return reply

    def _converse(self, request: dict[str, Any]) -> dict[str, Any]:
        """Sends a request and returns the reply to it."""
        reply = self._exchange(request)
        if reply.observation.get("kind") == "unknown":
            # Another host had heard of it.
            self._told.discard(request["probe"])
            reply = self._exchange(request)
        if request["shared"] and not reply.is_new:
            if reply.observation.get("kind") not in _ANSWERS:
                self._is_quick = reply.observation.get("kind") != "timed-out"
                return self._converse({**request, "shared": False})
            self.has_shared = True
        return {**reply.observation, "stdout": reply.stdout, "stderr": reply.stderr}

    def _exchange(self, request: dict[str, Any]) -> wire.Reply:
        if self._lost:
            self._renew()
        self._asked = int.from_bytes(os.urandom(wire.NUMBER_SIZE), "big")
        self._channel.settimeout(request["timeout"] + PATIENCE)
        known = ("source", "imports") if request["probe"] in self._told else ()
        try:
            self._send({"id": self._asked, **{name: each for name, each in request.items() if name not in known}})
            self._told.add(request["probe"])
            return self._reply()
        except (OSError, wire.WireError) as error:
            # Whatever the candidate did to its end of the socket, nothing more comes from it that can be relied on.
            self._dead, self._lost = {"kind": "candidate-died"}, True
            # To wait that long for a second time would cost the other tests their time.
            if self._again or isinstance(error, TimeoutError):
                return wire.Reply(self._asked, True, True, "", "", self._dead)
            raise Lost from None

    def _send(self, message: dict[str, Any]) -> None:
        self._channel.sendall(wire.pack(message))

    def _reply(self) -> wire.Reply:
        """Returns the reply to the last request. What was said of others is passed over, a bounded number."""
        for _ in range(100):
            body = wire.receive_frame(self._channel.recv)
            if body is None:
                raise OSError("the candidate is gone")
            reply = wire.unpack_reply(body)
            if reply.number == self._asked:
                self._lost = reply.is_last
                return reply
        raise wire.WireError("too many replies that nobody asked for")

    def _greet(self) -> None:
        """Says what there is to import, and hears what became of it. A candidate that is gone by then has one successor."""
        message = self._greeting()
        if message is None:
            self._channel.close()
            self._channel = self._another()
            message = self._greeting() or {"kind": "candidate-died"}
        if message.get("kind") == "imported" and isinstance(message.get("modules"), dict):
            self.imports = {name: _observation(f"import `{name}`", told) for name, told in message["modules"].items() if isinstance(told, dict)}
            if self._memory:
                self._memory.imported(message.get("reach"))
            return
        ending = message.get("ending", message)
        failed = _observation("import the day's modules", ending if isinstance(ending, dict) else message)
        self.imports = dict.fromkeys(self.config["modules"], failed)
        self._dead = {"kind": "blocked", "module": next(iter(self.config["modules"]), "")}

    def _greeting(self) -> dict[str, Any] | None:
        self._channel.settimeout(float(self.config["import_timeout"]) + PATIENCE)
        try:
            self._send(self.config)
            return wire.receive_message(self._channel.recv)
        except (OSError, wire.WireError):
            return None


def _refuse(item: object) -> tuple[str, str]:
    raise SuiteError(f"a probe takes plain data; {item!r} is none")


@functools.cache
def _signature_and_words(function: Callable[..., Any]) -> tuple[inspect.Signature, str]:
    return inspect.signature(function), " ".join((inspect.getdoc(function) or "").split())


def _in_words(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    signature, words = _signature_and_words(function)
    bound = signature.bind(None, *args, **kwargs)
    bound.apply_defaults()
    shown = {name: _short(item) for name, item in bound.arguments.items()}
    try:
        return words.format_map(shown)
    except (KeyError, ValueError, IndexError) as error:
        raise SuiteError(f"the docstring of the probe `{function.__name__}` names what is no argument of it: {error}") from error


def _short(item: Any) -> str:
    """Returns an argument as the learner reads it: a list of steps (`[("put", 1, 2), ("get", 1)]`) as the calls that they are."""
    if isinstance(item, list) and item and all(_is_step(each) for each in item):
        return _cut([f"{name}({', '.join(map(repr, args))})" for name, *args in item])
    text = repr(item)
    return text if len(text) <= 160 else text[:150] + "…" + text[-9:]


def _is_step(item: Any) -> bool:
    return isinstance(item, tuple) and bool(item) and isinstance(item[0], str) and item[0].isidentifier()


def _cut(steps: list[str]) -> str:
    """Returns the first steps and the last one, as many as a few lines hold."""
    shown, length = [], 0
    for step in steps:
        length += len(step) + 2
        if length > 280:
            break
        shown.append(step)
    left = len(steps) - len(shown)
    return ", ".join(shown) + (f", … ({left - 1} more), {steps[-1]}" if left > 1 else f", {steps[-1]}" if left else "")


def _text(message: dict[str, Any], key: str) -> str:
    found = message.get(key)
    return found[:20_000] if isinstance(found, str) else ""


def _observation(did: str, message: dict[str, Any]) -> Observation:
    """Reads a candidate's message, which may hold anything."""
    kind = message.get("kind")
    rest: dict[str, Any] = {}
    found: dict[str, Any] = {}
    if kind == "returned":
        try:
            found["value"] = wire.decode(message.get("value"))
        except wire.WireError:
            kind = "garbled"
    elif kind == "raised":
        types = message.get("types")
        names = tuple(name[:200] for name in types if isinstance(name, str)) if isinstance(types, list) else ()
        found["types"] = names or ("Exception",)
        found["message"] = _text(message, "message")[:2_000]
        cause = message.get("cause")
        found["cause"] = cause[:200] if isinstance(cause, str) else None
        found["frames"] = _frames(message.get("frames"))
    elif kind == "missing":
        tried = message.get("tried")
        rest = {"owner": _text(message, "owner")[:100], "name": _text(message, "name")[:100]}
        rest["tried"] = [name[:100] for name in tried[:40] if isinstance(name, str)] if isinstance(tried, list) else []
        if not rest["tried"]:
            kind = "garbled"
    elif kind in ("exited", "signalled", "timed-out", "flooded", "too-large", "blocked", "absent"):
        rest = {key: message[key] for key, of in _ENDING_FIELDS.items() if type(message.get(key)) in of}
        if kind == "timed-out" and "seconds" not in rest:
            kind = "garbled"
    elif kind not in ("host-died", "candidate-died"):
        kind = "garbled"
    found["reached"] = _parts(message.get("reached"))
    return Observation(kind, did, rest=rest, stdout=_text(message, "stdout"), stderr=_text(message, "stderr"), **found)


_ENDING_FIELDS: dict[str, tuple[type, ...]] = {
    "code": (int,),
    "signal": (int,),
    "seconds": (int, float),
    "bytes": (int,),
    "text": (str,),
    "module": (str,),
}


def _parts(parts: Any) -> tuple[Part, ...]:
    if not isinstance(parts, list):
        return ()
    pairs = [part for part in parts[:MOST] if isinstance(part, list) and len(part) == 2 and all(isinstance(each, str) for each in part)]
    return tuple((path, name) for path, name in pairs)


def _frames(frames: Any) -> tuple[dict[str, Any], ...]:
    if not isinstance(frames, list):
        return ()
    return tuple(
        {
            "path": _text(frame, "path")[:300],
            "line": frame["line"] if type(frame.get("line")) is int and 0 <= frame["line"] < 2**31 else 0,
            "function": _text(frame, "function")[:200],
            "code": _text(frame, "code")[:300],
        }
        for frame in frames[-20:]
        if isinstance(frame, dict)
    )
