from grade_kit.suite import probe, requirement
from probes import NOTHING, held_in, make, offered, said, taken


@probe(shared=True)
def use_queue(day, steps):
    """with a new Queue: {steps}; what did each dequeue give"""
    queue = make(day, "Queue", 100)
    items = []
    given = []
    for word, *item in steps:
        if word == "enqueue":
            items += item
            queue.enqueue(*item)
        else:
            given.append(taken(queue.dequeue, items))
    return given


@probe(shared=True)
def look_at_queue(day, items):
    """ask a new Queue whether it is empty and how many it holds, enqueue {items}, peek after the first, ask
    again, peek twice and dequeue once"""
    # What the class does not have is left out.
    queue = make(day, "Queue", 100)
    told = {"empty at first": offered(queue, "is_empty"), "size at first": offered(queue, "size")}
    for number, item in enumerate(items):
        queue.enqueue(item)
        if number == 0:
            told["peek at one"] = offered(queue, "front")
    told |= {"empty then": offered(queue, "is_empty"), "size then": offered(queue, "size")}
    told |= {
        "peek": offered(queue, "front"),
        "second peek": offered(queue, "front"),
        "dequeue": [queue.dequeue()],
    }
    told["size after"] = offered(queue, "size")
    if told["size at first"] == [100]:
        # It says how many there is room for.
        told = {name: answer for name, answer in told.items() if not name.startswith("size")}
    return said(told)


@probe(shared=True)
def where_queue_keeps(day, items):
    """enqueue {items} in a Queue and look what holds them: a list, a deque"""
    queue = make(day, "Queue", 100)
    for item in items:
        queue.enqueue(item)
    return held_in(queue, items)


def enqueues(items):
    return [("enqueue", item) for item in items]


def mixed_steps(rng, count):
    """Returns steps that never dequeue from an empty queue, and what the dequeues must give."""
    steps, inside, expected = [], [], []
    for item in rng.sample(range(10_000), count):
        steps.append(("enqueue", item))
        inside.append(item)
        for _ in range(rng.randint(0, min(2, len(inside)))):
            steps.append(("dequeue",))
            expected.append(inside.pop(0))
    return steps, expected


@requirement("queue")
def test_what_was_enqueued_first_is_dequeued_first(candidate, rng):
    items = rng.sample(range(10_000), rng.randint(4, 9))
    steps = enqueues(items) + [("dequeue",)] * len(items)
    assert candidate.run(use_queue, steps) == items


@requirement("queue")
def test_enqueues_and_dequeues_may_be_mixed(candidate, rng):
    steps, expected = mixed_steps(rng, 12)
    assert candidate.run(use_queue, steps) == expected


@requirement("queue")
def test_equal_items_and_items_like_0_and_an_empty_text_are_kept(candidate, rng):
    items = [5, 0, 5, "", 0, "five", ""]
    rng.shuffle(items)
    steps = enqueues(items) + [("dequeue",)] * len(items)
    assert candidate.run(use_queue, steps) == items


@requirement("queue")
def test_an_empty_queue_has_nothing_to_dequeue_and_can_be_used_again(candidate, rng):
    first, second = rng.sample(range(1, 10_000), 2)
    steps = [
        ("dequeue",),
        ("enqueue", first),
        ("dequeue",),
        ("dequeue",),
        ("enqueue", second),
        ("dequeue",),
        ("dequeue",),
    ]
    assert candidate.run(use_queue, steps) == [NOTHING, first, NOTHING, second, NOTHING]


@requirement("queue")
def test_what_else_the_queue_can_tell_is_true(candidate, rng):
    items = rng.sample(range(1, 10_000), rng.randint(3, 6))
    told = candidate.run(look_at_queue, items)
    truth = {
        "empty at first": True,
        "size at first": 0,
        "empty then": False,
        "size then": len(items),
        "peek at one": items[0],
        "peek": items[0],
        "second peek": items[0],
        "dequeue": items[0],
        "size after": len(items) - 1,
    }
    assert told == {name: answer for name, answer in truth.items() if name in told}


@requirement("queue-deque")
def test_the_items_of_a_queue_are_in_a_deque(candidate, rng):
    items = [f"item {number}" for number in rng.sample(range(10_000), rng.randint(5, 9))]
    kinds = candidate.run(where_queue_keeps, items)
    assert "deque" in kinds, "there is no deque in it that holds the items"
