from grade_kit.suite import helper, probe, requirement
from probes import NOTHING, held_in, make, offered, said, taken


@helper
def pushed_and_popped(stack, steps):
    items = []
    popped = []
    for word, *item in steps:
        if word == "push":
            items += item
            stack.push(*item)
        else:
            popped.append(taken(stack.pop, items))
    return popped


@probe(shared=True)
def use_stack(day, steps):
    """with a new Stack: {steps}; what did each pop give"""
    return pushed_and_popped(make(day, "Stack", 100), steps)


@probe(shared=True)
def look_at_stack(day, items):
    """ask a new Stack whether it is empty and how many it holds, push {items}, peek after the first, ask again, peek
    twice and pop once"""
    # What the class does not have is left out.
    stack = make(day, "Stack", 100)
    told = {"empty at first": offered(stack, "is_empty"), "size at first": offered(stack, "size")}
    for number, item in enumerate(items):
        stack.push(item)
        if number == 0:
            told["peek at one"] = offered(stack, "peek")
    told |= {"empty then": offered(stack, "is_empty"), "size then": offered(stack, "size")}
    told |= {"peek": offered(stack, "peek"), "second peek": offered(stack, "peek"), "pop": [stack.pop()]}
    told["size after"] = offered(stack, "size")
    if told["size at first"] == [100]:
        # It says how many there is room for.
        told = {name: answer for name, answer in told.items() if not name.startswith("size")}
    return said(told)


@probe(shared=True)
def where_stack_keeps(day, items):
    """push {items} onto a Stack and look what holds them: a list, a deque"""
    stack = make(day, "Stack", 100)
    for item in items:
        stack.push(item)
    return held_in(stack, items)


def pushes(items):
    return [("push", item) for item in items]


def mixed_steps(rng, count):
    """Returns steps that never pop from an empty stack, and what the pops must give."""
    steps, inside, expected = [], [], []
    for item in rng.sample(range(10_000), count):
        steps.append(("push", item))
        inside.append(item)
        for _ in range(rng.randint(0, min(2, len(inside)))):
            steps.append(("pop",))
            expected.append(inside.pop())
    return steps, expected


@requirement("stack")
def test_what_was_pushed_last_is_popped_first(candidate, rng):
    items = rng.sample(range(10_000), rng.randint(4, 9))
    steps = pushes(items) + [("pop",)] * len(items)
    assert candidate.run(use_stack, steps) == items[::-1]


@requirement("stack")
def test_pushes_and_pops_may_be_mixed(candidate, rng):
    steps, expected = mixed_steps(rng, 12)
    assert candidate.run(use_stack, steps) == expected


@requirement("stack")
def test_equal_items_and_items_like_0_and_an_empty_text_are_kept(candidate, rng):
    items = [5, 0, 5, "", 0, "five", ""]
    rng.shuffle(items)
    steps = pushes(items) + [("pop",)] * len(items)
    assert candidate.run(use_stack, steps) == items[::-1]


@requirement("stack")
def test_an_empty_stack_has_nothing_to_pop_and_can_be_used_again(candidate, rng):
    first, second = rng.sample(range(1, 10_000), 2)
    steps = [("pop",), ("push", first), ("pop",), ("pop",), ("push", second), ("pop",), ("pop",)]
    assert candidate.run(use_stack, steps) == [NOTHING, first, NOTHING, second, NOTHING]


@requirement("stack")
def test_what_else_the_stack_can_tell_is_true(candidate, rng):
    items = rng.sample(range(1, 10_000), rng.randint(3, 6))
    told = candidate.run(look_at_stack, items)
    truth = {
        "empty at first": True,
        "size at first": 0,
        "empty then": False,
        "size then": len(items),
        "peek at one": items[0],
        "peek": items[-1],
        "second peek": items[-1],
        "pop": items[-1],
        "size after": len(items) - 1,
    }
    assert told == {name: answer for name, answer in truth.items() if name in told}


@requirement("stack-list")
def test_the_items_of_a_stack_are_in_a_list(candidate, rng):
    items = [f"item {number}" for number in rng.sample(range(10_000), rng.randint(5, 9))]
    kinds = candidate.run(where_stack_keeps, items)
    assert "list" in kinds, "there is no list in it that holds the items"
