from collections import OrderedDict

from grade_kit.suite import probe, requirement
from probes import NOTHING, has, look_up, make, taken


@probe(shared=True)
def use_cache(day, capacity, steps):
    """with a new LRUCache for {capacity} entries: {steps}; what did each get give"""
    cache = make(day, "LRUCache", capacity)
    values = [step[2] for step in steps if step[0] == "put"]
    given = []
    for word, key, *value in steps:
        if word == "put":
            cache.put(key, *value)
        else:
            given.append(taken(look_up, values, cache, key))
    return given


@probe(shared=True)
def kept_in_cache(day, capacity, steps, keys):
    """with a new LRUCache for {capacity} entries: {steps}; then get each of {keys}: what does it give"""
    cache = make(day, "LRUCache", capacity)
    values = [step[2] for step in steps if step[0] == "put"]
    for word, key, *value in steps:
        if word == "put":
            cache.put(key, *value)
        else:
            taken(look_up, values, cache, key)
    return {key: taken(look_up, values, cache, key) for key in keys}


@probe(shared=True)
def entries_in_cache(day, capacity, keys):
    """put {keys} one after the other into an LRUCache for {capacity} entries: what does len() say after each,
    if it can"""
    cache = make(day, "LRUCache", capacity)
    sizes = []
    for key in keys:
        cache.put(key, "value")
        sizes.append(len(cache) if has(cache, "__len__") else None)
    return sizes


@probe(shared=True)
def keys_in_cache(day, capacity, keys):
    """put {keys} into an LRUCache for {capacity} entries: which of them are found with `in`, if that can be
    asked"""
    cache = make(day, "LRUCache", capacity)
    for key in keys:
        cache.put(key, "value")
    return [key for key in keys if key in cache] if has(cache, "__contains__") else None


def puts(keys):
    """Returns a step for each key that puts a value of its own under it."""
    return [("put", key, value_of(key)) for key in keys]


def gets(keys):
    return [("get", key) for key in keys]


def value_of(key):
    return f"value of {key}"


def right_answers(capacity, steps):
    """Returns what the gets must give."""
    entries = OrderedDict()
    answers = []
    for word, key, *value in steps:
        if word == "get":
            answers.append(entries.get(key, NOTHING))
        if word == "put":
            entries[key] = value[0]
        if key in entries:
            entries.move_to_end(key)
        if len(entries) > capacity:
            entries.popitem(last=False)
    return answers


def check_kept(candidate, capacity, steps, keys):
    """Asserts that of these keys the right ones are found after these steps, and says which were dropped."""
    expected = dict(zip(keys, right_answers(capacity, [*steps, *gets(keys)])[-len(keys) :], strict=True))
    kept = candidate.run(kept_in_cache, capacity, steps, keys)
    assert kept == expected, f"{gone_from(expected)} should be gone now; yours has lost {gone_from(kept)}"


def gone_from(kept):
    """Returns in words which keys are not found."""
    gone = [repr(key) for key, value in kept.items() if value == NOTHING] if isinstance(kept, dict) else []
    if not gone:
        return "no key"
    return f"key {gone[0]}" if len(gone) == 1 else f"keys {', '.join(gone[:-1])} and {gone[-1]}"


def first_wrong(steps, answers, expected):
    """Says which get was the first that went wrong, and what was done before it."""
    if not isinstance(answers, list) or len(answers) != len(expected):
        return "not every get was answered"
    wrong = next(index for index, pair in enumerate(zip(answers, expected, strict=True)) if pair[0] != pair[1])
    at = [index for index, step in enumerate(steps) if step[0] == "get"][wrong]
    used = ", ".join(f"{word}({key})" for word, key, *_ in steps[:at][-10:])
    key = steps[at][1]
    return f"after {used} the next get({key}) should give {expected[wrong]!r}, and gave {answers[wrong]!r}"


def full_cache(rng):
    """Returns a capacity and just as many keys, short ones: what was done with them is to be read."""
    capacity = rng.randint(3, 7)
    return capacity, rng.sample(range(10, 100), capacity)


@requirement("lru-cache")
def test_every_value_is_found_under_its_key(candidate, rng):
    keys = [rng.randint(1, 10_000), "text", ("a", rng.randint(1, 9)), 0, ""]
    rng.shuffle(keys)
    steps = puts(keys) + gets(keys[::-1])
    assert candidate.run(use_cache, len(keys) + 1, steps) == [value_of(key) for key in keys[::-1]]


@requirement("lru-cache")
def test_a_key_that_was_never_put_has_no_value(candidate, rng):
    missing, present = rng.sample(range(1, 10_000), 2)
    steps = [("get", missing), *puts([present]), *gets([missing, present])]
    assert candidate.run(use_cache, 3, steps) == [NOTHING, NOTHING, value_of(present)]


@requirement("lru-cache")
def test_a_value_that_is_put_again_replaces_the_old_one(candidate, rng):
    key, other = rng.sample(range(1, 10_000), 2)
    steps = [("put", key, "old"), ("put", other, "kept"), ("put", key, "new"), ("get", key), ("get", other)]
    assert candidate.run(use_cache, 4, steps) == ["new", "kept"]


@requirement("lru-cache")
def test_0_and_an_empty_text_are_values_like_any_other(candidate, rng):
    zero, empty = rng.sample(range(1, 10_000), 2)
    steps = [
        ("put", zero, 0),
        ("put", empty, ""),
        ("get", zero),
        ("get", empty),
        ("put", zero, "more"),
        ("get", zero),
    ]
    assert candidate.run(use_cache, 3, steps) == [0, "", "more"]


@requirement("lru-capacity")
def test_as_many_entries_fit_as_the_cache_was_made_for_and_no_more(candidate, rng):
    capacity, keys = full_cache(rng)
    more = rng.sample(range(100, 200), rng.randint(1, 2 * capacity))
    check_kept(candidate, capacity, puts(keys + more), keys + more)


@requirement("lru-capacity")
def test_a_cache_that_is_just_full_has_lost_nothing(candidate, rng):
    capacity, keys = full_cache(rng)
    check_kept(candidate, capacity, puts(keys), keys)


@requirement("lru-capacity")
def test_a_new_value_for_a_key_that_is_there_needs_no_room(candidate, rng):
    capacity, keys = full_cache(rng)
    again = rng.choice(keys)
    check_kept(candidate, capacity, puts([*keys, again, again]), keys)


@requirement("lru-capacity")
def test_asking_for_missing_keys_needs_no_room(candidate, rng):
    capacity, keys = full_cache(rng)
    missing = rng.sample(range(100, 200), capacity)
    check_kept(candidate, capacity, puts(keys) + gets(missing), [*keys, *missing])


@requirement("lru-capacity")
def test_a_cache_for_one_entry_holds_the_newest(candidate, rng):
    first, second = rng.sample(range(1, 10_000), 2)
    steps = [*puts([first]), *gets([first]), *puts([second]), *gets([first, second])]
    assert candidate.run(use_cache, 1, steps) == [value_of(first), NOTHING, value_of(second)]


@requirement("lru-capacity")
def test_the_length_is_the_number_of_entries(candidate, rng):
    capacity, keys = full_cache(rng)
    sizes = candidate.run(entries_in_cache, capacity, [*keys, keys[0], keys[-1], 0, "more"])
    if sizes != [None] * len(sizes):
        assert sizes == [*range(1, capacity + 1), *[capacity] * 4]


@requirement("lru-capacity")
def test_a_key_is_in_the_cache_until_it_is_dropped(candidate, rng):
    capacity, keys = full_cache(rng)
    keys.append(10_000)
    found = candidate.run(keys_in_cache, capacity, keys)
    if found is not None:
        assert found == keys[1:]


@requirement("lru-recency")
def test_getting_a_key_saves_it_from_being_dropped(candidate, rng):
    capacity, keys = full_cache(rng)
    saved = rng.sample(keys[:-1], rng.randint(1, capacity - 2))
    if keys[0] not in saved:
        saved[0] = keys[0]
    steps = [*puts(keys), *gets(saved), *puts(["newcomer"])]
    check_kept(candidate, capacity, steps, [*keys, "newcomer"])


@requirement("lru-recency")
def test_putting_a_key_again_saves_it_from_being_dropped(candidate, rng):
    capacity, keys = full_cache(rng)
    check_kept(candidate, capacity, puts([*keys, keys[0], "newcomer"]), [*keys, "newcomer"])


@requirement("lru-recency")
def test_how_often_a_key_was_used_does_not_save_it(candidate, rng):
    capacity, keys = full_cache(rng)
    steps = [
        *puts(keys),
        *gets([keys[0]] * 5),
        *gets(keys[1:]),
        *puts(["newcomer"]),
    ]
    check_kept(candidate, capacity, steps, [*keys, "newcomer"])


@requirement("lru-recency")
def test_in_long_use_the_keys_that_were_used_last_stay(candidate, rng):
    capacity = rng.randint(3, 5)
    keys = rng.sample(range(10, 100), capacity + 2)
    steps = []
    for key in rng.choices(keys, k=60):
        # As caches are used: get it, and put it if it is not there.
        steps += gets([key])
        if right_answers(capacity, steps)[-1] == NOTHING:
            steps += puts([key])
    steps += gets(keys)
    answers, expected = candidate.run(use_cache, capacity, steps), right_answers(capacity, steps)
    assert answers == expected, first_wrong(steps, answers, expected)
