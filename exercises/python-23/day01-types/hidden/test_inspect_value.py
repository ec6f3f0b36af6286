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
    draw,
    draw_large,
    draw_mixed,
    draw_small,
    empty,
    first_wrong,
    fresh,
    inspect,
    inspect_and_keep,
)

# The values of a kind that everything printed is held to: what is said of one must be right of all. The small one comes
# first, because a finding about it is the easiest to read.
DRAWN = [draw_small, draw, lambda rng, kind: empty(kind)]


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


def draw_each(rng, kind, drawn=DRAWN):
    """Draws a value of a kind in each of these ways."""
    return [draw_one(rng, kind) for draw_one in drawn]


@requirement("inspector")
@pytest.mark.parametrize("kind", KINDS)
def test_something_is_printed(candidate, rng, kind):
    """`inspect_value` prints something about a value ({kind}), and runs to its end"""
    vals = [*draw_each(rng, kind), draw_mixed(rng, kind)]
    shown = first_wrong(candidate, vals, lambda shown: shown.text.strip(), inspect_and_keep)
    assert shown.text.strip(), "nothing was printed on standard output"


@requirement("inspector")
@pytest.mark.parametrize("kind", KINDS)
def test_the_value_stays_as_it_is(candidate, rng, kind):
    """a value ({kind}) that was looked at is as it was before"""
    vals = draw_each(rng, kind, [draw_small, draw_mixed])
    shown = first_wrong(candidate, vals, lambda shown: shown.kept == shown.val, inspect_and_keep)
    assert shown.kept == shown.val


@requirement("type")
@pytest.mark.parametrize("kind", KINDS)
def test_the_type_is_printed(candidate, rng, kind):
    """the type is printed, as `{kind}` or in a longer form"""
    shown = first_wrong(candidate, draw_each(rng, kind), lambda shown: type_told(shown.text, kind) == kind)
    assert type_told(shown.text, kind) == kind


@requirement("id")
@pytest.mark.parametrize("kind", KINDS)
def test_the_id_is_printed(candidate, rng, kind):
    """the id of the value ({kind}) itself is printed"""
    shown = first_wrong(candidate, draw_each(rng, kind), lambda shown: id_told(shown.text, shown.id) == shown.id)
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
def test_the_size_is_printed(candidate, rng, kind):
    """the size in memory of the value ({kind}) is printed"""
    vals = draw_each(rng, kind, [*DRAWN, draw, draw_large])
    shown = first_wrong(candidate, vals, says_its_size)
    sizes = sizes_of(shown.val)
    assert size_told(shown.text, sizes) == f"{sizes[0]} bytes"


def says_its_size(shown):
    """Whether what was printed of a value names its size."""
    sizes = sizes_of(shown.val)
    return size_told(shown.text, sizes) == f"{sizes[0]} bytes"


@requirement("mutability")
@pytest.mark.parametrize("kind", KINDS)
def test_it_is_said_whether_the_value_is_mutable(candidate, rng, kind):
    """it is said whether the value ({kind}) is mutable or immutable"""
    right = "mutable" if kind in MUTABLE else "immutable"
    shown = first_wrong(candidate, draw_each(rng, kind), lambda shown: mutability_told(shown.text) == right)
    assert mutability_told(shown.text) == right


@requirement("methods")
@pytest.mark.parametrize("kind", KINDS)
def test_all_methods_are_printed(candidate, rng, kind):
    """the names of all methods of the value ({kind}) are printed (those with an underscore in front if you like)"""
    shown = first_wrong(candidate, draw_each(rng, kind), lambda shown: not missing_methods(shown.text, shown.val))
    missing = missing_methods(shown.text, shown.val)
    assert not missing, f"not printed: {listed(missing)}"


@requirement("methods")
@pytest.mark.parametrize("kind", KINDS)
def test_no_methods_of_another_type_are_printed(candidate, rng, kind):
    """what is printed as methods of the value ({kind}) are its own"""
    val = draw(rng, kind)
    other = foreign_methods(inspect(candidate, val).text, val, map(empty, KINDS))
    assert not other, f"all methods of a {other} are printed, which a {kind} does not have"


def listed(names):
    """Returns the first few of the names, and how many more there are."""
    shown = ", ".join(f"`{name}`" for name in names[:6])
    return f"{shown} and {len(names) - 6} more" if len(names) > 6 else shown
