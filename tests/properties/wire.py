"""Tries `grade_kit.wire` with what an honest candidate sends and with what another one would. `wire.py <folder of the kit>`.

Each `test_…` here is one sentence about the protocol. The inputs are drawn from a seed, so every run tries the same.
"""

from __future__ import annotations

import json
import math
import operator
import random
import struct
import sys
from collections.abc import Callable
from typing import Any

sys.path.insert(0, sys.argv[1])

from grade_kit import wire

CASES = 500
PLAIN = (type(None), bool, int, float, str, bytes, list, tuple, dict, set, frozenset)
TAGS = ["i", "f", "b", "o", "t", "s", "z", "d", "x", ""]
# Integers whose hash is 1: https://docs.python.org/3/library/stdtypes.html#hashing-of-numeric-types
MODULUS = sys.hash_info.modulus
EDGES = [None, True, False, 0, -0.0, 2**53, 2**53 + 1, -(2**53) - 1, math.inf, -math.inf, "", "\0\ud800\u202e", b"\xff"]
HUGE = [2**65_535, -(2**65_536) + 1]


# ---- what comes in ----


def plain_leaf(rng: random.Random) -> Any:
    """Returns a value of a type without elements, and often one at the edge of its type."""
    if rng.random() < 0.01:
        return rng.choice(HUGE)
    drawn = [rng.getrandbits(rng.randint(1, 200)), rng.uniform(-1e300, 1e300), rng.randbytes(rng.randint(0, 9)), text(rng)]
    return rng.choice(EDGES + drawn * 4)


def text(rng: random.Random) -> str:
    return "".join(chr(rng.choice([rng.randrange(128), rng.randrange(0x110000)])) for _ in range(rng.randint(0, 8)))


def plain(rng: random.Random, depth: int) -> Any:
    """Returns plain data of at most this depth."""
    if depth == 0 or rng.random() < 0.3:
        return plain_leaf(rng)
    items = [plain(rng, depth - 1) for _ in range(rng.randint(0, 5))]
    kind = rng.choice([list, tuple, set, frozenset, dict])
    if kind in (list, tuple):
        return kind(items)
    keys = [item for item in items if is_hashable(item)]
    return {key: plain_leaf(rng) for key in keys} if kind is dict else kind(keys)


def is_hashable(item: Any) -> bool:
    try:
        hash(item)
    except TypeError:
        return False
    return True


def json_like(rng: random.Random, depth: int) -> Any:
    """Returns what JSON can hold, much of it nearly what the encoder writes."""
    if depth == 0 or rng.random() < 0.2:
        return rng.choice([None, True, 0, 1.5, "nan", "inf", "0x1f", "0x", "-0x_1", "AAAA", "A", "\ud800", 10**400, math.nan, "1" * 20_000, text(rng)])
    items = [json_like(rng, depth - 1) for _ in range(rng.randint(0, 4))]
    shape = rng.randrange(4)
    if shape == 0:
        return items
    if shape == 1:
        return {rng.choice(TAGS): item for item in items}
    return {rng.choice(TAGS): rng.choice([items, [[item, item] for item in items], *items, ["a", "b"]])}


def nested(depth: int, tag: str | None = None) -> Any:
    data: Any = None
    for _ in range(depth):
        data = [data] if tag is None else {tag: [data]}
    return data


def colliding(wrap: Callable[[Any], Any], count: int) -> list[Any]:
    """Returns elements that all have the same hash."""
    return [wrap({"i": hex(number * MODULUS + 1)}) for number in range(count)]


def frame(body: bytes, length: int | None = None) -> bytes:
    return struct.pack(">I", len(body) if length is None else length) + body


def mutated(rng: random.Random, stream: bytes) -> bytes:
    """Returns the bytes with a few of them changed, gone, or there twice."""
    changed = bytearray(stream)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(changed) + 1)
        to = rng.randrange(at, len(changed) + 1)
        changed[at:to] = rng.choice([b"", rng.randbytes(2), changed[at:to] * 2, b'{"', b"\xff", b"\0"])
    return bytes(changed)


def reader(stream: bytes, rng: random.Random) -> Callable[[int], bytes]:
    """Returns the receiving end of a socket that hands out the bytes in pieces of any size."""
    place = 0

    def receive(count: int) -> bytes:
        nonlocal place
        piece = stream[place : place + rng.randint(1, count)]
        place += len(piece)
        return piece

    return receive


# ---- what is asked of it ----


def is_plain(item: Any, depth: int = 0) -> bool:
    assert depth <= wire.MAX_DEPTH
    if type(item) is dict:
        return all(is_plain(key, depth + 1) and is_plain(each, depth + 1) for key, each in item.items())
    if type(item) in (list, tuple, set, frozenset):
        return all(is_plain(each, depth + 1) for each in item)
    return type(item) in PLAIN or type(item) is wire.Opaque


def decoded(data: Any) -> Any:
    """Returns what data decodes to, or the error of the protocol; any other error ends the test."""
    try:
        item = wire.decode(data)
    except wire.WireError as error:
        return error
    assert is_plain(item), item
    return item


def is_refused(data: Any) -> bool:
    return isinstance(decoded(data), wire.WireError)


def received(stream: bytes, rng: random.Random) -> list[Any]:
    """Returns the messages of a stream up to its end or the first error of the protocol; any other error ends the test."""
    receive, messages = reader(stream, rng), []
    try:
        while (message := wire.receive_message(receive)) is not None:
            messages.append(message)
            decoded(message.get("value"))
    except wire.WireError as error:
        messages.append(error)
    return messages


def describe(_: object) -> tuple[str, str]:
    return "object", "<object>"


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal and of the same types all the way down; `1`, `1.0` and `True` differ, and so do the zeros."""
    return type(one) is type(other) and repr(shape(one)) == repr(shape(other))


def shape(item: Any) -> Any:
    if isinstance(item, set | frozenset):
        return type(item).__name__, sorted(repr(shape(each)) for each in item)
    if isinstance(item, dict):
        return "dict", [(shape(key), shape(each)) for key, each in item.items()]
    if isinstance(item, list | tuple):
        return type(item).__name__, [shape(each) for each in item]
    return hex(item) if type(item) is int else repr(item)


def raises(kind: type[BaseException], act: Callable[..., object], *args: object) -> bool:
    try:
        act(*args)
    except kind:
        return True
    return False


def equal(one: Any, other: Any) -> bool:
    """Whether an assertion that the two are equal would hold."""
    try:
        return bool(one == other)
    except wire.OpaqueCompared:
        return False


# ---- the sentences ----


def test_plain_data_arrives_as_it_was(rng: random.Random) -> None:
    for _ in range(CASES):
        item = plain(rng, 4)
        message = {"id": 1, "value": wire.encode(item, describe)}
        [arrived] = received(wire.pack(message), rng)
        assert same(wire.decode(arrived["value"]), item), item


def test_any_json_is_plain_data_or_refused(rng: random.Random) -> None:
    for _ in range(CASES):
        decoded(json_like(rng, 5))


def test_any_bytes_are_messages_or_refused(rng: random.Random) -> None:
    for _ in range(CASES):
        honest = b"".join(wire.pack({"value": wire.encode(plain(rng, 2), describe)}) for _ in range(3))
        received(mutated(rng, honest), rng)
        received(frame(rng.randbytes(20)), rng)
        received(rng.randbytes(20), rng)


def test_a_stream_that_ends_within_a_frame_is_refused(rng: random.Random) -> None:
    whole = wire.pack({"id": 1, "value": "text"})
    assert received(b"", rng) == []
    for cut in range(1, len(whole)):
        [error] = received(whole[:cut], rng)
        assert isinstance(error, wire.WireError)


def test_thousands_of_frames_arrive_one_by_one(rng: random.Random) -> None:
    assert received(wire.pack({"id": 1}) * 5_000, rng) == [{"id": 1}] * 5_000


def test_a_frame_that_is_too_large_is_refused_unread(rng: random.Random) -> None:
    for length in (wire.MAX_REPLY + 1, 2**32 - 1):
        asked: list[int] = []

        def receive(count: int, length: int = length, asked: list[int] = asked) -> bytes:
            asked.append(count)
            return struct.pack(">I", length)[:count]

        assert raises(wire.WireError, wire.receive_message, receive)
        assert asked == [4]


def test_what_is_nested_without_end_is_refused(rng: random.Random) -> None:
    for opening in (b"[", b'{"t":', b'{"d":[[', b'{"value":['):
        body = opening * (wire.MAX_FRAME // len(opening))
        assert isinstance(received(frame(body), rng)[0], wire.WireError)
    for tag in (None, "t", "s", "z"):
        assert is_refused(nested(wire.MAX_DEPTH + 1, tag))
    # Deeper than Python goes, by whatever way it got past the reader.
    assert is_refused(nested(5_000))


def test_the_last_depth_that_crosses_arrives(rng: random.Random) -> None:
    item: Any = 0
    for _ in range(wire.MAX_DEPTH):
        item = (item,)
    assert same(wire.decode(wire.encode(item, describe)), item)
    assert raises(wire.TooLarge, wire.encode, (item,), describe)


def test_too_many_values_are_refused(rng: random.Random) -> None:
    assert is_refused([None] * wire.MAX_NODES)
    assert raises(wire.TooLarge, wire.encode, [None] * wire.MAX_NODES, describe)
    assert is_refused({"s": list(range(wire.MAX_HASHED + 1))})
    assert is_refused([{"d": [[number, None] for number in range(wire.MAX_HASHED // 4)]}] * 5)


def test_elements_of_one_hash_are_rebuilt_or_refused_and_soon(rng: random.Random) -> None:
    for wrap in (lambda item: item, lambda item: {"t": ["x" * 500, item]}, lambda item: {"z": [item]}):
        assert len(wire.decode({"s": colliding(wrap, 1_000)})) == 1_000
    assert is_refused({"s": colliding(lambda item: item, wire.MAX_HASHED + 1)})


def test_numbers_are_bounded(rng: random.Random) -> None:
    assert is_refused({"i": "0x" + "f" * wire.MAX_BITS})
    assert is_refused(2 ** (wire.MAX_BITS + 1))
    assert isinstance(received(frame(b'{"value":' + b"9" * 100_000 + b"}"), rng)[0], wire.WireError)
    assert raises(wire.TooLarge, wire.encode, 2**wire.MAX_BITS, describe)


def test_a_key_that_is_there_twice_is_the_last_of_them(rng: random.Random) -> None:
    [message] = received(frame(b'{"kind":"returned","kind":"raised","value":{"t":[],"s":[1]}}'), rng)
    assert message["kind"] == "raised"
    assert is_refused(message["value"])


def test_what_cannot_be_hashed_is_in_no_set(rng: random.Random) -> None:
    for unhashable in ([], {"d": []}, {"s": []}, {"t": [[]]}):
        assert is_refused({"s": [unhashable]})
        assert is_refused({"d": [[unhashable, 1]]})


def test_an_opaque_value_equals_nothing_and_says_nothing(rng: random.Random) -> None:
    opaque = wire.decode(wire.encode(object(), describe))
    for other in (1, "<object>", None, opaque, wire.Opaque("object", "<object>"), [], math.nan):
        for compare in (operator.eq, operator.ne, operator.lt, operator.ge):
            assert raises(wire.OpaqueCompared, compare, opaque, other), other
            assert raises(wire.OpaqueCompared, compare, other, opaque), other
    for ask in (bool, len, list, operator.call, lambda item: 1 in item, lambda item: item[0]):
        assert raises(wire.OpaqueCompared, ask, opaque)
    for convert in (int, float, abs, json.dumps):
        assert raises(TypeError, convert, opaque)
    assert len(repr(wire.decode({"o": ["t", "x" * 9_999]}))) == wire.MAX_REPR


def test_what_holds_an_opaque_value_equals_nothing_either(rng: random.Random) -> None:
    for _ in range(CASES):
        tag = rng.choice(["t", "s", "z", "d"])
        opaque = {"o": ["int", "1"]}
        arrived = wire.decode({tag: [[opaque, 1], [2, 3]] if tag == "d" else [opaque, rng.choice([1, 2])]})
        for other in ({"t": (1, 2), "s": {1, 2}, "z": frozenset({1, 2}), "d": {1: 1, 2: 3}}[tag], wire.decode(wire.encode(arrived, describe))):
            assert not equal(arrived, other), (arrived, other)
            assert not equal(other, arrived), (arrived, other)


def main() -> None:
    for name, test in list(globals().items()):
        if name.startswith("test_"):
            test(random.Random(name))


main()
