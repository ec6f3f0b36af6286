"""What this day's probes share: the values that are inspected, and what is true of each.

What is true is found out where no learner's code runs, but for the id, which only the candidate knows. There it is read
from the text that `object` itself gives of a value: a learner may put anything in the place of `id`, but not of that.
"""

import string
import sys
from typing import Any, NamedTuple

from grade_kit.suite import helper, probe

KINDS = ["int", "str", "list", "tuple", "set", "dict"]
MUTABLE = {"list", "set", "dict"}
# Words for texts that are inspected: none of them can be taken for something that is said about a value.
WORDS = [
    "amber",
    "birch",
    "cloud",
    "delta",
    "ember",
    "fjord",
    "grove",
    "heron",
    "larch",
    "maple",
    "otter",
    "pearl",
]


def draw_numbers(rng, count):
    """Draws different numbers that are no size of anything here, and are shared with nothing."""
    return rng.sample(range(10_000, 100_000), count)


def draw(rng, kind):
    """Draws a value of a kind, of a size that cannot be guessed where the kind has such sizes."""
    if kind == "int":
        return rng.getrandbits(rng.randint(300, 900)) | 1 << 299
    if kind == "str":
        return " ".join(rng.choices(WORDS, k=rng.randint(10, 40)))
    count = rng.randint(6, 40) if kind in ("list", "tuple") else rng.randint(5, 18)
    numbers = draw_numbers(rng, count)
    if kind == "dict":
        return {"".join(rng.sample(string.ascii_uppercase, 6)): number for number in numbers}
    return {"list": list, "tuple": tuple, "set": set}[kind](numbers)


def draw_large(rng, kind):
    """Draws a value of a kind that takes more than 1024 bytes, though not so much that Python refuses to print it."""
    if kind == "int":
        return rng.getrandbits(rng.randint(9_500, 12_000)) | 1 << 9_499
    if kind == "str":
        return " ".join(rng.choices(WORDS, k=rng.randint(300, 600)))
    count = rng.randint(200, 400) if kind in ("list", "tuple") else rng.randint(60, 120)
    numbers = draw_numbers(rng, count)
    if kind == "dict":
        return {f"{rng.choice(WORDS)}{number}": number for number in numbers}
    return {"list": list, "tuple": tuple, "set": set}[kind](numbers)


def draw_even(rng, kind):
    """Draws a value that takes so many whole kibibytes, of the kinds that can."""
    size = 1024 * rng.randint(2, 4)
    if kind == "str":
        return rng.choice(string.ascii_letters) * (size - sys.getsizeof(""))
    if kind == "tuple":
        none, one = sys.getsizeof(()), sys.getsizeof((0,))
        return tuple(draw_numbers(rng, (size - none) // (one - none)))
    return draw_large(rng, kind)


def draw_small(rng, kind):
    """Draws a small value of a kind, like those that people try first."""
    few = draw_numbers(rng, 3)
    small = {"int": few[0], "str": rng.choice(WORDS), "list": few, "tuple": tuple(few), "set": set(few)}
    return small.get(kind, dict(zip(rng.sample(WORDS, 3), few, strict=True)))


def draw_mixed(rng, kind):
    """Draws a value of a kind that holds things of several kinds, as far as it can."""
    number, other = draw_numbers(rng, 2)
    first, second = rng.sample(WORDS, 2)
    mixed = {
        "int": -number,
        "str": f"{first}\n{second} é {{}} %s",
        "list": [number, first, [other, second], None, 2.5, {second: number}],
        "tuple": (first, number, None, (second, 2.5), True),
        "set": {first, number, None, (second, other)},
    }
    return mixed.get(kind, {first: [number], number: {second: None}, (other, second): "", None: ()})


def empty(kind):
    """Returns the value of a kind that counts as false."""
    return {"int": 0, "str": "", "list": [], "tuple": (), "set": set(), "dict": {}}[kind]


# How the values of a kind are drawn.
WAYS = {
    "small": draw_small,
    "any": draw,
    "empty": lambda rng, kind: empty(kind),
    "mixed": draw_mixed,
    "another": draw,
    "large": draw_large,
    "even": draw_even,
}


@helper
def fresh(val):
    """Returns a new value like this one, made step by step: so it takes as much memory wherever it is made."""
    if isinstance(val, list):
        return [fresh(each) for each in val]
    if isinstance(val, tuple):
        return tuple([fresh(each) for each in val])
    if isinstance(val, set):
        return {fresh(each) for each in val}
    if isinstance(val, dict):
        return {fresh(key): fresh(each) for key, each in val.items()}
    return val


@probe(shared=True)
def inspected(day, val):
    """inspect_value({val})"""
    item = fresh(val)
    day.typeinspector.inspect_value(item)
    return ().__class__.__base__.__repr__(item), item


class Shown(NamedTuple):
    """What `inspect_value` showed of a value."""

    val: Any
    # What it printed.
    text: str
    # What `object` gives for the value as a text, with its id.
    told: str
    # What the value is afterwards.
    kept: Any

    @property
    def id(self):
        """The value's id."""
        return int(str(self.told).rpartition(" at 0x")[2].rstrip(">"), 16)


def inspect(candidate, val):
    """Returns what `inspect_value` shows of a value."""
    told, kept = candidate.run(inspected, val)
    text = candidate.log[-1].stdout
    assert text.strip(), "nothing was printed on standard output"
    return Shown(val, text, told, kept)


def inspect_each(candidate, rng_for, kind, ways):
    """Yields what `inspect_value` shows of values of a kind that are drawn in these ways. All tests share what is drawn."""
    rng = rng_for(kind)
    vals = {way: draw_one(rng, kind) for way, draw_one in WAYS.items()}
    for way in ways:
        yield inspect(candidate, vals[way])
