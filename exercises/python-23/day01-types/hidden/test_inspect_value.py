"""`inspect_value` prints what a value is: its type, its id, its size, whether it is mutable, and its methods."""

import sys

import pytest
from grade_kit.suite import requirement
from printed import (
    foreign_methods,
    id_told,
    ids,
    missing_methods,
    mutability_told,
    size_told,
    type_told,
)
from probes import (
    KINDS,
    MUTABLE,
    empty,
    fresh,
    inspect,
    inspect_each,
)

# The values of a kind that everything printed is held to: what is said of one must be right of all. The small one comes
# first, because a finding about it is the easiest to read.
COMMON = ["small", "any", "empty"]


def sizes_of(val):
    """Returns what may be called the size of a value.

    It is what `sys.getsizeof` says; or that without what the garbage collector adds; or that with all that it holds.
    """
    val = fresh(val)
    return [sys.getsizeof(val), val.__sizeof__(), size_with_contents(val, set())]


def size_with_contents(val, seen):
    """Returns the size of a value and of all that is in it, each thing once."""
    if id(val) in seen:
        return 0
    seen.add(id(val))
    inner = list(val) if isinstance(val, (list, tuple, set, dict)) else []
    inner += val.values() if isinstance(val, dict) else []
    return sys.getsizeof(val) + sum(size_with_contents(each, seen) for each in inner)


@requirement("inspector")
@pytest.mark.parametrize("kind", KINDS)
def test_something_is_printed(candidate, rng_for, kind):
    """`inspect_value` prints something about a value ({kind}), and runs to its end"""
    # That is demanded of every look at a value, here of one after the other.
    list(inspect_each(candidate, rng_for, kind, [*COMMON, "mixed"]))


@requirement("inspector")
@pytest.mark.parametrize("kind", KINDS)
def test_the_value_stays_as_it_is(candidate, rng_for, kind):
    """a value ({kind}) that was looked at is as it was before"""
    for shown in inspect_each(candidate, rng_for, kind, ["small", "mixed"]):
        assert shown.kept == shown.val


@requirement("type")
@pytest.mark.parametrize("kind", KINDS)
def test_the_type_is_printed(candidate, rng_for, kind):
    """the type is printed, as `{kind}` or in a longer form"""
    for shown in inspect_each(candidate, rng_for, kind, COMMON):
        assert type_told(shown.text, kind) == kind


@requirement("id")
@pytest.mark.parametrize("kind", KINDS)
def test_the_id_is_printed(candidate, rng_for, kind):
    """the id of the value ({kind}) itself is printed"""
    for shown in inspect_each(candidate, rng_for, kind, COMMON):
        assert id_told(shown.text, shown.id) == shown.id


@requirement("id")
def test_the_ids_of_small_integers_lie_as_python_lays_them(candidate, rng):
    """the ids of two small integers are as far apart as Python keeps these integers in memory"""
    one, other = rng.sample(range(2, 250), 2)
    first, second = inspect(candidate, one), inspect(candidate, other)
    apart = id(other) - id(one)
    assert any(each + apart in ids(second.text) for each in ids(first.text)), (
        f"the ids printed for {one} and {other} are not those that Python gives them"
    )


@requirement("size")
@pytest.mark.parametrize("kind", KINDS)
def test_the_size_is_printed(candidate, rng_for, kind):
    """the size in memory of the value ({kind}) is printed"""
    for shown in inspect_each(candidate, rng_for, kind, [*COMMON, "another", "large", "even"]):
        sizes = sizes_of(shown.val)
        assert size_told(shown.text, sizes) == f"{sizes[0]} bytes"


@requirement("mutability")
@pytest.mark.parametrize("kind", KINDS)
def test_it_is_said_whether_the_value_is_mutable(candidate, rng_for, kind):
    """it is said whether the value ({kind}) is mutable or immutable"""
    right = "mutable" if kind in MUTABLE else "immutable"
    for shown in inspect_each(candidate, rng_for, kind, COMMON):
        assert mutability_told(shown.text) == right


@requirement("methods")
@pytest.mark.parametrize("kind", KINDS)
def test_all_methods_are_printed(candidate, rng_for, kind):
    """the names of all methods of the value ({kind}) are printed (those with an underscore in front if you like)"""
    for shown in inspect_each(candidate, rng_for, kind, COMMON):
        missing = missing_methods(shown.text, shown.val)
        assert not missing, f"not printed: {listed(missing)}"


@requirement("methods")
@pytest.mark.parametrize("kind", KINDS)
def test_no_methods_of_another_type_are_printed(candidate, rng_for, kind):
    """what is printed as methods of the value ({kind}) are its own"""
    for shown in inspect_each(candidate, rng_for, kind, ["any"]):
        other = foreign_methods(shown.text, shown.val, map(empty, KINDS))
        assert not other, f"all methods of a {other} are printed, which a {kind} does not have"


def listed(names):
    """Returns the first few of the names, and how many more there are."""
    shown = ", ".join(f"`{name}`" for name in names[:6])
    return f"{shown} and {len(names) - 6} more" if len(names) > 6 else shown
