"""What crosses between examiner and candidate: length-prefixed frames of JSON, and plain data within them.

Only values of exact built-in types cross (None, bool, int, float, str, bytes, list, tuple, dict, set, frozenset). Any
other object arrives as an `Opaque`, which equals nothing and answers nothing. Depth, size and number are
bounded on both sides, and the decoder trusts nothing: whatever the bytes are, it returns plain data or raises `WireError`.
JSON because its scanner is C, is in every Python, and cannot construct anything (never pickle, never marshal).
"""

from __future__ import annotations

import base64
import binascii
import json
import struct
from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

# A frame of more than this is refused unread.
MAX_FRAME = 4 * 1024 * 1024
# The most that a reply adds to an observation: what a probe printed, to standard output and error.
MAX_PRINTED = 16 * 1024
MAX_REPLY = MAX_FRAME + 2 * (MAX_PRINTED + 16)
# How deep plain data may be nested.
MAX_DEPTH = 64
# How many values one observation may hold.
MAX_NODES = 50_000
# How many elements all its sets and dicts may hold together: colliding hashes make more of them slow to rebuild.
MAX_HASHED = 4_096
# Integers beyond this many bits do not cross.
MAX_BITS = 65_536
# An opaque value's repr is cut to this many characters.
MAX_REPR = 200

_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode
_HEADER = struct.Struct(">I")
HEADER_SIZE = _HEADER.size
# A reply: the number of the request, the lengths of standard output and error, whether it is the last one, whether its process was new.
_REPLY = struct.Struct(">III??")
# The bytes of a request's number. It is drawn: what was sent for one request must not be taken for the answer to another.
NUMBER_SIZE = 4


class WireError(Exception):
    """The bytes are not a frame, or the frame is not plain data."""


class TooLarge(Exception):
    """A value is beyond what may cross; the text says in which way."""


class OpaqueCompared(Exception):
    """A hidden test looked into a value that did not cross."""


class Opaque:
    """Stands for an object that cannot cross. It equals nothing, not even itself, and has no truth value."""

    __slots__ = ("text", "type_name")

    def __init__(self, type_name: str, text: str) -> None:
        self.type_name = type_name
        self.text = text

    def _refuse(self, *_: object) -> NoReturn:
        raise OpaqueCompared(
            f"what came back is, or holds, {self.text} (an object of type `{self.type_name}`) where a plain value was expected"
        )

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __bool__ = __len__ = __iter__ = __contains__ = __getitem__ = __call__ = _refuse
    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return self.text


def encode(value: object, describe: Callable[[object], tuple[str, str]]) -> Any:
    """Returns `value` as JSON-able data.

    `describe` gives type name and text of an object that cannot cross. Raises `TooLarge`.
    """
    return _Encoder(describe).encode(value, 0)


class _Encoder:
    def __init__(self, describe: Callable[[object], tuple[str, str]]) -> None:
        self.describe = describe
        self.nodes = 0
        self.hashed = 0

    def encode(self, value: Any, depth: int) -> Any:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise TooLarge(f"it holds more than {MAX_NODES} values")
        if depth > MAX_DEPTH:
            raise TooLarge(f"it is nested more than {MAX_DEPTH} deep")
        kind = type(value)
        if value is None or kind is bool or kind is str:
            return value
        if kind is int:
            return self._int(value)
        if kind is float:
            return value if value - value == 0.0 else {"f": repr(value)}
        if kind is bytes:
            return {"b": base64.b64encode(value).decode("ascii")}
        if kind is list:
            return [self.encode(item, depth + 1) for item in value]
        if kind is tuple:
            return {"t": [self.encode(item, depth + 1) for item in value]}
        if kind is set or kind is frozenset:
            self._count_hashed(len(value))
            return {"s" if kind is set else "z": [self.encode(item, depth + 1) for item in value]}
        if kind is dict:
            self._count_hashed(len(value))
            return {"d": [[self.encode(key, depth + 1), self.encode(item, depth + 1)] for key, item in value.items()]}
        return {"o": list(self.describe(value))}

    def _int(self, value: int) -> Any:
        if -(2**53) <= value <= 2**53:
            return value
        if value.bit_length() > MAX_BITS:
            raise TooLarge(f"it holds a number of more than {MAX_BITS} bits")
        return {"i": hex(value)}

    def _count_hashed(self, count: int) -> None:
        self.hashed += count
        if self.hashed > MAX_HASHED:
            raise TooLarge(f"its sets and dicts hold more than {MAX_HASHED} elements")


def decode(data: object) -> Any:
    """Returns the plain data that `encode` made `data` of. Raises `WireError` on anything else."""
    return _Decoder().decode(data, 0)


class _Decoder:
    def __init__(self) -> None:
        self.nodes = 0
        self.hashed = 0

    def decode(self, data: Any, depth: int) -> Any:
        self.nodes += 1
        if self.nodes > MAX_NODES or depth > MAX_DEPTH:
            raise WireError("too much data, or too deeply nested")
        if data is None or isinstance(data, bool | str):
            return data
        if isinstance(data, int):
            if data.bit_length() > MAX_BITS:
                raise WireError("a number is too large")
            return data
        if isinstance(data, float):
            return data
        if isinstance(data, list):
            return [self.decode(item, depth + 1) for item in data]
        if isinstance(data, dict) and len(data) == 1:
            [(tag, body)] = data.items()
            return self._tagged(tag, body, depth)
        raise WireError("not plain data")

    def _tagged(self, tag: str, body: Any, depth: int) -> Any:
        if tag == "i" and isinstance(body, str) and len(body) <= MAX_BITS // 4 + 3:
            return self._checked(lambda: int(body, 16))
        if tag == "f" and body in ("nan", "inf", "-inf"):
            return float(body)
        if tag == "b" and isinstance(body, str):
            return self._checked(lambda: base64.b64decode(body, validate=True))
        if tag == "o" and isinstance(body, list) and len(body) == 2 and all(isinstance(item, str) for item in body):
            return Opaque(body[0][:MAX_REPR], body[1][:MAX_REPR])
        if tag in ("t", "s", "z", "d") and isinstance(body, list):
            return self._container(tag, body, depth)
        raise WireError("not plain data")

    def _container(self, tag: str, body: list[Any], depth: int) -> Any:
        if tag == "t":
            return tuple(self.decode(item, depth + 1) for item in body)
        self.hashed += len(body)
        if self.hashed > MAX_HASHED:
            raise WireError("its sets and dicts are too large")
        if tag == "d":
            if not all(isinstance(pair, list) and len(pair) == 2 for pair in body):
                raise WireError("not plain data")
            pairs = [(self.decode(key, depth + 1), self.decode(item, depth + 1)) for key, item in body]
            return self._checked(lambda: dict(pairs))
        items = [self.decode(item, depth + 1) for item in body]
        return self._checked(lambda: set(items) if tag == "s" else frozenset(items))

    def _checked(self, build: Callable[[], Any]) -> Any:
        try:
            return build()
        except (TypeError, ValueError, binascii.Error, OpaqueCompared) as error:
            raise WireError("not plain data") from error


def encode_message(message: dict[str, Any]) -> bytes:
    """Returns `message` as the body of a frame. Raises `TooLarge`."""
    body = _encode(message).encode("ascii")
    if len(body) > MAX_FRAME:
        raise TooLarge(f"it is larger than {MAX_FRAME // 1024 // 1024} MiB")
    return body


def pack(message: dict[str, Any]) -> bytes:
    """Returns `message` as one frame. Raises `TooLarge`."""
    return pack_body(encode_message(message))


def pack_body(body: bytes) -> bytes:
    """Returns a frame with this body."""
    return _HEADER.pack(len(body)) + body


def pack_reply(number: int, stdout: bytes, stderr: bytes, observation: bytes, *, is_last: bool, is_new: bool) -> bytes:
    """Returns what came of request `number`, as one frame. After the last one the candidate ends. A new process has run no probe before.

    The host passes on what it did not make and does not read, so nothing of it is encoded once more.
    """
    length = _REPLY.size + len(stdout) + len(stderr) + len(observation)
    return b"".join((_HEADER.pack(length), _REPLY.pack(number, len(stdout), len(stderr), is_last, is_new), stdout, stderr, observation))


class Reply(NamedTuple):
    """What a host says of a request."""

    number: int
    # Whether nothing comes after it.
    is_last: bool
    # Whether the process that answered had run no probe before.
    is_new: bool
    stdout: str
    stderr: str
    observation: dict[str, Any]


def unpack_reply(body: bytes) -> Reply:
    """Returns the reply in a frame's body. Raises `WireError`."""
    if len(body) < _REPLY.size:
        raise WireError("a reply is too short")
    number, out, err, is_last, is_new = _REPLY.unpack_from(body)
    at = _REPLY.size
    stdout, stderr, observation = body[at : at + out], body[at + out : at + out + err], body[at + out + err :]
    try:
        observed = unpack(observation)
    except WireError:
        # The probe's own process wrote it, which says nothing about the next one.
        observed = {"kind": "garbled"}
    return Reply(number, is_last, is_new, stdout.decode("utf-8", "replace"), stderr.decode("utf-8", "replace"), observed)


def frame_length(header: bytes) -> int:
    """Returns the length of the body that follows this header of four bytes. Raises `WireError`."""
    (length,) = _HEADER.unpack(header)
    if length > MAX_REPLY:
        raise WireError("a frame is too large")
    return int(length)


def unpack(body: bytes) -> dict[str, Any]:
    """Returns the message in a frame's body. Raises `WireError`."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise WireError("a frame is not JSON") from error
    if not isinstance(message, dict):
        raise WireError("a frame is not a message")
    return message


def read_exactly(receive: Callable[[int], bytes], count: int) -> bytes:
    """Returns `count` bytes, or fewer where the stream ends before."""
    parts = []
    while count > 0:
        part = receive(min(count, 65_536))
        if not part:
            break
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def receive_frame(receive: Callable[[int], bytes]) -> bytes | None:
    """Returns the body of the next frame of a stream, or None at its end. Raises `WireError` on anything else."""
    header = read_exactly(receive, HEADER_SIZE)
    if not header:
        return None
    if len(header) < HEADER_SIZE:
        raise WireError("the stream ends within a frame")
    length = frame_length(header)
    body = read_exactly(receive, length)
    if len(body) < length:
        raise WireError("the stream ends within a frame")
    return body


def receive_message(receive: Callable[[int], bytes]) -> dict[str, Any] | None:
    """Returns the next message of a stream, or None at its end. Raises `WireError` on anything else."""
    body = receive_frame(receive)
    return None if body is None else unpack(body)


def first_body(data: bytes) -> bytes | None:
    """Returns the body of the first frame of `data`, if all of it is there."""
    if len(data) < HEADER_SIZE:
        return None
    end = HEADER_SIZE + int.from_bytes(data[:HEADER_SIZE], "big")
    return data[HEADER_SIZE:end] if end <= len(data) and end <= HEADER_SIZE + MAX_FRAME else None
