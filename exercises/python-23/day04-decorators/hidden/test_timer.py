"""`@timer`: the time that a call takes is made known, whichever way."""
# ruff: noqa: F821 - `raw` and `clock` are given to probes

import re

from grade_kit.suite import helper, probe, requirement
from probes import applied, attempt

# A number, and the word behind it. A minus counts as a sign where it does not join two words.
NUMBER = re.compile(r"((?:(?<!\w)-)?(?<![\d.])\d[\d,]*(?:\.\d*)?(?:e[+-]?\d+)?)\s*([A-Za-zµμ]*)")
# How many seconds the units are.
UNITS = {
    **dict.fromkeys(["s", "sec", "secs", "second", "seconds"], 1.0),
    **dict.fromkeys(["ms", "msec", "msecs", "millisecond", "milliseconds"], 1e-3),
    **dict.fromkeys(["us", "µs", "μs", "usec", "microsecond", "microseconds"], 1e-6),
    **dict.fromkeys(["ns", "nsec", "nanosecond", "nanoseconds"], 1e-9),
}
# A number that stands without a unit may be meant in any of these.
ANY_UNIT = (1.0, 1e-3, 1e-6, 1e-9)


def told_seconds(told):
    """Returns every number of seconds that may be meant by what was printed, logged, stored or returned."""
    seconds = []
    for item in told:
        if isinstance(item, str):
            for number, unit in NUMBER.findall(item):
                scales = [UNITS[unit.lower()]] if unit.lower() in UNITS else ANY_UNIT
                seconds += [float(number.replace(",", "")) * scale for scale in scales]
        else:
            seconds += [item * scale for scale in ANY_UNIT]
    return seconds


def is_told(seconds, told):
    """Whether so many seconds are told of: cut to whole seconds at the roughest, and on a machine that may stall."""
    return any(seconds - 1 <= each <= seconds + 2 for each in told_seconds(told))


@helper
def told_by(item, home, depth=5):
    """Returns the numbers and texts that are stored in something, also in objects of classes from the module `home`."""
    import collections
    import datetime

    if isinstance(item, bool) or depth == 0:
        return []
    if isinstance(item, int | float):
        return [float(item)]
    if isinstance(item, str):
        return [item[:500]]
    if isinstance(item, datetime.timedelta):
        return [item.total_seconds()]
    parts = []
    if isinstance(item, dict):
        parts = list(item.values())
    elif isinstance(item, list | tuple | set | collections.deque):
        parts = list(item)
    elif type(item).__module__ == home:
        parts = [getattr(item, name, None) for name in dir(item) if not name.startswith("__")]
    return [told for part in parts[-50:] for told in told_by(part, home, depth - 1)]


@helper
def answers_of(decorated, home):
    """Returns what the methods and functions tell that a decorated function has as attributes, like `get_elapsed()`."""
    told = []
    for name in dir(decorated):
        item = getattr(decorated, name, None)
        ours = getattr(item, "__module__", "probe") == "probe"
        if name.startswith("_") or "reset" in name or "clear" in name or ours or not callable(item):
            continue
        told += told_by(attempt(item), home)
    return told


@probe(shared=True)
def timed(day, durations):
    """call a function under @timer; its calls take {durations} seconds"""
    import logging

    logged = []

    class Listener(logging.Handler):
        def emit(self, record):
            logged.append(record.getMessage())

    logging.getLogger().addHandler(Listener())
    logging.getLogger().setLevel(1)
    left = list(durations)

    def work():
        clock.advance(left.pop(0))
        return []

    decorated = applied(day, "timer", work)
    module = raw(day.decorators)
    told = []
    for _ in durations:
        clock.advance(1000)
        logged.clear()
        told.append(told_by(decorated(), module.__name__) + logged)
        for place in (decorated, raw(day.decorators.timer), module):
            names = [name for name in dir(place) if not name.startswith("__")]
            told[-1] += told_by([getattr(place, name, None) for name in names], module.__name__)
        told[-1] += answers_of(decorated, module.__name__)
    return told


@requirement("timer")
def test_the_time_of_a_call_is_made_known(candidate, rng):
    """@timer tells how long each call took: it prints, logs, keeps or returns the time"""
    first = rng.randint(80, 140) / 10
    second = first + rng.randint(50, 100) / 10
    seen = candidate.observe(timed, [first, second])
    assert seen.raised is None, f"it raised {seen.raised}: {seen.message}"
    for number, (seconds, kept) in enumerate(zip([first, second], seen.value, strict=True)):
        told = [seen.stdout, seen.stderr, *kept]
        in_all = first + second if number else seconds
        assert is_told(seconds, told) or is_told(in_all, kept), (
            f"call {number + 1} took {seconds} seconds, but no such time was printed, logged, kept or returned"
        )
