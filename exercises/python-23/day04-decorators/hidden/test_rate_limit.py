"""`@rate_limit(calls=5, period=1)`: never more than that, and never less.

A limiter may make a call wait, or refuse it. It may count in windows that slide, in fixed ones, in tokens, or keep calls
apart. Fixed windows and tokens let up to twice `calls` through in one period, but never more in the long run.
"""
# ruff: noqa: F821 - `raw` and `clock` are given to probes

import pytest
from grade_kit.suite import helper, probe, requirement
from probes import WAITING, applied

# Which arguments a test gives to rate_limit.
GIVEN = ["calls and period", "only calls", "only period", "nothing"]
# Seconds that a slow machine may lose between what the decorator counts and what the function sees.
SLACK = 0.5


@helper
def let_pass(seconds):
    """Lets time pass; where threads that the decorator has started wait in real time, that too."""
    import threading

    clock.advance(seconds)
    if clock.has_company():
        threading.Event().wait(seconds)


@helper
def limited(day, options, ran):
    """Returns a function under @rate_limit that notes in `ran` when it runs, soon after a new period of the clock began."""
    import time

    def work(number):
        # Seconds from the start, as many digits as anybody reads.
        ran.append(round(clock.now() - start, 2))
        return [number]

    period = options.get("period", 1)
    clock.advance(1.25 * period - time.time() % period)
    start = clock.now()
    return applied(day, "rate_limit", work, **options)


@helper
def call(function, ran, number):
    """Calls, and returns when it ran (None: it was refused) and how long the virtual clock was slept on for it."""
    before, offset = len(ran), clock.offset
    try:
        function(number)
    except Exception as error:  # noqa: BLE001 - the plan does not say which refuses
        # Nobody refuses a call by these: something is wrong in there.
        if type(error) in (AttributeError, IndexError, KeyError, NameError, TypeError, UnboundLocalError, ZeroDivisionError):
            raise
    return [ran[-1] if len(ran) > before else None, round(clock.offset - offset, 2)]


@probe(shared=True)
def burst(day, options, count):
    """under @rate_limit, which is given {options}, call a function {count} times without a pause: when each call ran, and how
    long it had to wait"""
    ran = []
    function = limited(day, options, ran)
    return [call(function, ran, number) for number in range(count)]


@probe(shared=True)
def stream(day, options, count, pause):
    """under @rate_limit, which is given {options}, call a function {count} times with {pause} s before each call: when each
    call ran, and how long it had to wait"""
    ran = []
    function = limited(day, options, ran)
    seen = []
    for number in range(count):
        let_pass(pause)
        seen.append(call(function, ran, number))
    return seen


@probe(shared=True)
def bursts(day, options, count, times, pause):
    """under @rate_limit, which is given {options}, call a function {count} times without a pause, {times} times with {pause} s
    between: when each call ran, and how long it had to wait"""
    ran = []
    function = limited(day, options, ran)
    seen = []
    for _ in range(times):
        seen.append([call(function, ran, number) for number in range(count)])
        let_pass(pause)
    return seen


@probe(shared=True)
def late_burst(day, options, count, pause):
    """under @rate_limit, which is given {options}, call a function once, and {count} times without a pause {pause} s later: when
    each of these ran, and how long it had to wait"""
    ran = []
    function = limited(day, options, ran)
    call(function, ran, 0)
    let_pass(pause)
    return [call(function, ran, number) for number in range(1, count + 1)]


@probe(shared=True)
def two_functions(day, options, count):
    """two functions under @rate_limit, which is given {options}: call each of them {count} times; when each call ran, and how
    long it had to wait"""
    ran = []
    functions = [limited(day, options, ran), limited(day, options, ran)]
    return [[call(function, ran, number) for number in range(count)] for function in functions]


def check_allowed(seen, calls, period, which=""):
    """Asserts that the first `calls` calls of these all run, with less than a period of waiting. `which` says which these are."""
    told = f"with calls={calls} and period={period}"
    for number, (ran_at, _) in enumerate(seen[:calls], 1):
        assert isinstance(ran_at, float), f"{which}call {number} should run, {told}, but was refused"
    waited = sum(slept for _, slept in seen[:calls])
    assert waited < 0.9 * period, f"{which}the first {calls} calls had to wait {waited:.2f} s, {told}"


def check_limit(seen, calls, period, which=""):
    """Asserts that of calls without a pause no more than `calls` run at once. `which` says which these are."""
    ran = [ran_at for ran_at, _ in seen if ran_at is not None]
    at_once = [ran_at for ran_at in ran if ran_at - ran[0] < 0.15 * period]
    assert len(at_once) <= calls, f"{which}{len(at_once)} calls ran at once, with calls={calls} and period={period}"


def check_density(seen, calls, period):
    """Asserts that `calls` calls more, and no others, run with each period that passes."""
    ran = [ran_at for ran_at, _ in seen if ran_at is not None]
    for periods in range(1, len(ran) // calls):
        for first, last in zip(ran, ran[(periods + 1) * calls :], strict=False):
            told = f"with calls={calls} and period={period}"
            count = (periods + 1) * calls + 1
            assert last - first >= periods * period - SLACK, (
                f"{count} calls ran within {last - first:.2f} s, {told}"
            )


def drawn(rng, given="calls and period"):
    """Returns options for rate_limit, and the calls and the period that they come to with the defaults."""
    options = {"calls": rng.randint(2, 5), "period": rng.randint(20, 30) / 10}
    options = {name: option for name, option in options.items() if name in given}
    return options, options.get("calls", 5), options.get("period", 1)


def seen_of(candidate, rng_for, given, probe, asked):
    """Returns what a probe sees where so much is given to rate_limit, and the calls and the period that this comes to.

    `asked` says what the probe is given for options, calls and period. What is drawn is the same for all tests.
    """
    options, calls, period = drawn(rng_for(given), given)
    return candidate.run(probe, *asked(options, calls, period), timeout=WAITING), calls, period


def seen_in_a_burst(candidate, rng_for, given):
    """Returns when calls without a pause ran, and the calls and the period that are allowed."""

    def asked(options, calls, period):
        # One call more or less in each period shows only after many of them; the default period is a short one.
        periods = 5 if "period" in options else 10
        return [options, periods * calls + 1]

    return seen_of(candidate, rng_for, given, burst, asked)


@requirement("rate-limit")
@pytest.mark.parametrize("given", GIVEN)
def test_no_more_calls_than_allowed_run_at_once(candidate, rng_for, given):
    """of many calls at once, the first `calls` run, the others wait or are refused (given to rate_limit: {given})"""
    seen, calls, period = seen_in_a_burst(candidate, rng_for, given)
    check_allowed(seen, calls, period)
    check_limit(seen, calls, period)
    check_density(seen, calls, period)


@requirement("rate-limit")
def test_one_call_may_be_the_limit(candidate, rng):
    """with calls=1 there is one call in a period"""
    period = rng.randint(20, 30) / 10
    seen = candidate.run(burst, {"calls": 1, "period": period}, 4, timeout=WAITING)
    check_allowed(seen, 1, period)
    check_limit(seen, 1, period)
    check_density(seen, 1, period)


@requirement("rate-limit")
def test_the_limit_holds_in_the_long_run(candidate, rng):
    """of calls that come twice as fast as allowed, no more than `calls` run in a period"""
    options, calls, period = drawn(rng)
    seen = candidate.run(stream, options, 6 * calls, round(period / (2 * calls), 3), timeout=WAITING)
    check_density(seen, calls, period)


@requirement("rate-limit")
def test_the_limit_holds_in_later_periods(candidate, rng):
    """after a pause the limit holds as before"""
    options, calls, period = drawn(rng)
    seen = candidate.run(bursts, options, 2 * calls, 3, round(1.1 * period, 3), timeout=WAITING)
    assert len(seen) == 3
    for number, each in enumerate(seen, 1):
        check_limit(each, calls, period, f"in burst {number} of 3: ")


@requirement("rate-limit")
def test_functions_are_limited_each_for_itself(candidate, rng):
    """the calls of one function do not count for another"""
    options, calls, period = drawn(rng)
    seen = candidate.run(two_functions, options, calls, timeout=WAITING)
    assert len(seen) == 2
    for number, each in enumerate(seen, 1):
        check_allowed(each, calls, period, f"of function {number} of 2: ")


@requirement("rate-limit-reset")
@pytest.mark.parametrize("given", GIVEN)
def test_calls_are_allowed_again_after_the_period(candidate, rng_for, given):
    """when a period has passed, `calls` calls may run again, each time (given to rate_limit: {given})"""

    def asked(options, calls, period):
        return [options, calls + 1, 3, round(1.1 * period, 3)]

    seen, calls, period = seen_of(candidate, rng_for, given, bursts, asked)
    assert len(seen) == 3
    for number, each in enumerate(seen, 1):
        check_allowed(each, calls, period, f"in burst {number} of 3: ")


@requirement("rate-limit-reset")
def test_calls_at_a_lower_rate_always_run(candidate, rng):
    """calls that come more slowly than the limit are never refused and never wait"""
    options, calls, period = drawn(rng)
    seen = candidate.run(stream, options, 4 * calls, round(1.3 * period / calls, 3), timeout=WAITING)
    for number, (ran_at, slept) in enumerate(seen, 1):
        assert isinstance(ran_at, float), f"call {number} was refused, with calls={calls} and period={period}"
        assert slept < 0.1 * period, (
            f"call {number} had to wait {slept:.2f} s, with calls={calls} and period={period}"
        )


@requirement("rate-limit-reset")
@pytest.mark.parametrize("given", GIVEN)
def test_waiting_calls_do_not_wait_too_long(candidate, rng_for, given):
    """a call over the limit that waits, waits for its turn and no longer (given to rate_limit: {given})"""
    seen, calls, period = seen_in_a_burst(candidate, rng_for, given)
    if all(ran_at is not None for ran_at, _ in seen):
        waited = sum(slept for _, slept in seen)
        periods = len(seen) // calls
        told = f"where {periods * period:.2f} s are enough, with calls={calls} and period={period}"
        # Each wait may be a seventh longer than it must be.
        assert waited <= (1.15 * periods + 0.1) * period, f"{len(seen)} calls waited {waited:.2f} s in all, {told}"


@requirement("rate-limit-reset")
def test_a_waiting_call_waits_for_the_rest_of_the_period(candidate, rng):
    """when part of the period has passed already, no call waits for more than one period"""
    options, calls, period = drawn(rng)
    seen = candidate.run(late_burst, options, calls, round(0.6 * period, 3), timeout=WAITING)
    told = f"with calls={calls} and period={period}, {0.6 * period:.2f} s after the first call"
    for _, slept in seen:
        assert slept <= 1.15 * period, f"a call had to wait {slept:.2f} s, {told}"
