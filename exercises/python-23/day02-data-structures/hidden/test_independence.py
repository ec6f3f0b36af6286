import pytest
from grade_kit.suite import helper, probe, requirement
from probes import NOTHING, contents, fill, look_up, make, taken


@helper
def put_into(thing, kind, item):
    if kind == "Stack":
        thing.push(item)
    elif kind == "Queue":
        thing.enqueue(item)
    elif kind == "LRUCache":
        thing.put("key", item)
    else:
        fill(thing, 3, [item])


@helper
def got_from(day, thing, kind, item):
    if kind == "CircularBuffer":
        return (contents(day, thing, 3, [item]) or ["(nothing)"])[0]
    if kind == "LRUCache":
        return taken(look_up, [item], thing, "key")
    return taken(thing.pop if kind == "Stack" else thing.dequeue, [item])


@probe(shared=True)
def use_two(day, kind, item):
    """make two objects of the class {kind}, put {item} into the first, make a third: what do the second, the
    third and the first hold"""
    first, second = make(day, kind, 3), make(day, kind, 3)
    put_into(first, kind, item)
    third = make(day, kind, 3)
    return [got_from(day, each, kind, item) for each in (second, third, first)]


@requirement("independent")
@pytest.mark.parametrize("kind", ["Stack", "Queue", "LRUCache", "CircularBuffer"])
def test_what_is_put_into_one_is_in_no_other(candidate, rng, kind):
    """what is put into one {kind} is in no other"""
    item = rng.randint(1, 10_000)
    assert candidate.run(use_two, kind, item) == [NOTHING, NOTHING, item]
