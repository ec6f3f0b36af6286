from collections import deque

from grade_kit.suite import probe, requirement
from probes import NOTHING, attempt, contents, fill, has, make, offered, said, taken, way_to_read


@probe(shared=True)
def write_then_read(day, capacity, items):
    """write {items} into a CircularBuffer for {capacity} items: what can be read from it"""
    buffer = make(day, "CircularBuffer", capacity)
    fill(buffer, capacity, items)
    return contents(day, buffer, capacity, items)


@probe(shared=True)
def use_buffer(day, capacity, steps):
    """with a new CircularBuffer for {capacity} items: {steps}; what did each read give"""
    # Nothing is asked of a buffer that can only be read as a whole.
    name = way_to_read(day)
    if name is None:
        return None
    buffer = make(day, "CircularBuffer", capacity)
    items = []
    given = []
    held = 0
    for word, *item in steps:
        if word == "read":
            given.append(taken(getattr(buffer, name), items))
            held -= given[-1] != "(nothing)"
            continue
        items += item
        if held < capacity:
            buffer.write(*item)
            held += 1
        else:
            # Only a full buffer may refuse.
            attempt(buffer.write, *item)
    return given


@probe(shared=True)
def look_at_buffer(day, capacity, items):
    """write {items} into a CircularBuffer for {capacity} items: what do is_empty, is_full and len() say
    before and after"""
    # What the class does not have is left out.
    buffer = make(day, "CircularBuffer", capacity)
    told = {"empty at first": offered(buffer, "is_empty"), "full at first": offered(buffer, "is_full")}
    fill(buffer, capacity, items)
    told |= {"empty then": offered(buffer, "is_empty"), "full then": offered(buffer, "is_full")}
    if has(buffer, "__len__"):
        told["len then"] = [len(buffer)]
    return said(told)


@probe(shared=True)
def iterate(day, capacity, items):
    """write {items} into a CircularBuffer for {capacity} items and go through it with `for`, if it can be
    gone through"""
    from itertools import islice

    buffer = make(day, "CircularBuffer", capacity)
    fill(buffer, capacity, items)
    return list(islice(buffer, capacity)) if has(buffer, "__iter__") else None


def writes(items):
    return [("write", item) for item in items]


def drop_oldest(capacity, steps):
    """Returns what the reads give where a full buffer overwrites its oldest item."""
    inside = deque(maxlen=capacity)
    return follow(inside, steps, inside.append)


def refuse_newest(capacity, steps):
    """Returns what the reads give where a full buffer takes no more."""
    inside = deque()
    return follow(inside, steps, lambda item: inside.append(item) if len(inside) < capacity else None)


def follow(inside, steps, write):
    given = []
    for word, *item in steps:
        if word == "write":
            write(*item)
        else:
            given.append(inside.popleft() if inside else NOTHING)
    return given


def either(actual, capacity, steps):
    """Returns what is right: a buffer that is full may refuse the newest item or drop the oldest, as long as
    it is always the same."""
    refused = refuse_newest(capacity, steps)
    return refused if actual == refused else drop_oldest(capacity, steps)


def first_or_last(actual, capacity, items):
    """Returns what may be left of too many items: the first, or the last."""
    return items[:capacity] if actual == items[:capacity] else items[-capacity:]


def numbers(rng, count):
    return rng.sample(range(1, 10_000), count)


@requirement("circular-buffer")
def test_items_are_read_in_the_order_in_which_they_were_written(candidate, rng):
    capacity = rng.randint(5, 9)
    items = numbers(rng, capacity - 1)
    assert candidate.run(write_then_read, capacity, items) == items


@requirement("circular-buffer")
def test_reading_and_writing_go_round_and_round(candidate, rng):
    capacity = rng.randint(3, 6)
    steps, inside = [], 0
    for item in numbers(rng, 5 * capacity):
        # One slot is left free, so that nothing is about being full here.
        while inside == capacity - 1 or (inside and rng.random() < 0.4):
            steps.append(("read",))
            inside -= 1
        steps.append(("write", item))
        inside += 1
    given = candidate.run(use_buffer, capacity, steps)
    if given is not None:
        assert given == refuse_newest(capacity, steps)


@requirement("circular-buffer")
def test_equal_items_and_items_like_0_and_an_empty_text_are_kept(candidate, rng):
    items = [5, 0, 5, "", 0, "five", ""]
    rng.shuffle(items)
    assert candidate.run(write_then_read, len(items) + 2, items) == items


@requirement("circular-buffer")
def test_an_empty_buffer_has_nothing_to_read_and_can_be_used_again(candidate, rng):
    first, second = numbers(rng, 2)
    steps = [("read",), ("write", first), ("read",), ("read",), ("write", second), ("read",), ("read",)]
    given = candidate.run(use_buffer, rng.randint(2, 5), steps)
    if given is not None:
        assert given == [NOTHING, first, NOTHING, second, NOTHING]


@requirement("circular-capacity")
def test_a_buffer_holds_as_many_items_as_it_was_made_for(candidate, rng):
    capacity = rng.randint(2, 9)
    items = numbers(rng, capacity)
    assert candidate.run(write_then_read, capacity, items) == items


@requirement("circular-capacity")
def test_one_item_too_many_drops_the_oldest_or_is_refused(candidate, rng):
    capacity = rng.randint(3, 9)
    items = numbers(rng, capacity + 1)
    kept = candidate.run(write_then_read, capacity, items)
    assert kept == first_or_last(kept, capacity, items)


@requirement("circular-capacity")
def test_many_items_too_many_leave_the_newest_or_the_first(candidate, rng):
    capacity = rng.randint(3, 6)
    items = numbers(rng, capacity * rng.randint(2, 4) + rng.randint(1, capacity - 1))
    kept = candidate.run(write_then_read, capacity, items)
    assert kept == first_or_last(kept, capacity, items)


@requirement("circular-capacity")
def test_a_buffer_for_one_item_holds_one(candidate, rng):
    items = numbers(rng, 3)
    assert candidate.run(write_then_read, 1, items[:1]) == items[:1]
    kept = candidate.run(write_then_read, 1, items)
    assert kept == first_or_last(kept, 1, items)


@requirement("circular-capacity")
def test_after_being_full_it_goes_on_as_before(candidate, rng):
    capacity = rng.randint(3, 5)
    items = numbers(rng, 4 * capacity)
    steps = writes(items[: capacity + 2])
    for item in items[capacity + 2 :]:
        steps += [("read",)] * rng.randint(0, 2) + [("write", item)]
    steps += [("read",)] * (capacity + 1)
    given = candidate.run(use_buffer, capacity, steps)
    if given is not None:
        assert given == either(given, capacity, steps)


@requirement("circular-capacity")
def test_what_it_tells_about_being_empty_and_full_is_true(candidate, rng):
    capacity = rng.randint(2, 6)
    told = candidate.run(look_at_buffer, capacity, numbers(rng, capacity + rng.randint(0, 3)))
    truth = {
        "empty at first": True,
        "full at first": False,
        "empty then": False,
        "full then": True,
        "len then": capacity,
    }
    assert told == {name: answer for name, answer in truth.items() if name in told}


@requirement("circular-capacity")
def test_a_loop_goes_from_the_oldest_item_to_the_newest(candidate, rng):
    capacity = rng.randint(3, 6)
    items = numbers(rng, 2 * capacity + rng.randint(1, capacity - 1))
    seen = candidate.run(iterate, capacity, items)
    if seen is not None:
        assert seen == first_or_last(seen, capacity, items)
