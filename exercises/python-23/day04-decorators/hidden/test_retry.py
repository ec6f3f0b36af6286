"""`@retry(max_attempts=3, delay=1)`: how often, what comes of it, and how long between."""
# ruff: noqa: F821 - `raw` and `clock` are given to probes

from grade_kit.suite import helper, probe, requirement
from probes import WAITING, applied, attempt

# A delay that nobody notices, where the delay is not what is looked at.
SHORT = 0.01


@helper
def stop_after(runs, most=40):
    """Ends a decorator that tries for ever."""

    class TooManyAttempts(BaseException):
        pass

    if len(runs) > most:
        raise TooManyAttempts(f"the function had been called {most} times")


@helper
def texts_of(error):
    """Returns what an exception says, with all that it was raised from."""
    texts = []
    while error is not None and len(texts) < 50:
        texts.append(f"{error!r} {vars(error)!r}")
        error = error.__cause__ or error.__context__
    return " ".join(texts)


@probe(shared=True)
def outcomes(day, options, failures, mark):
    """under @retry, which is given {options}, call a function that fails so many times before it returns {mark}: {failures}"""
    seen = []
    runs = []

    def work(fails):
        runs.append(1)
        stop_after(runs)
        if len(runs) <= fails:
            raise ValueError(f"failure {mark}")
        return mark

    decorated = applied(day, "retry", work, **options)
    for fails in failures:
        runs.clear()
        try:
            outcome = ["returned", decorated(fails)]
        except Exception as error:  # noqa: BLE001 - it may raise one of its own
            outcome = ["raised", f"failure {mark}" in texts_of(error)]
        seen.append([*outcome, len(runs)])
    return seen


@probe(shared=True)
def kinds_of_failure(day, options):
    """under @retry, which is given {options}, let a function fail once with each of several kinds of exceptions"""

    class Custom(Exception):
        pass

    runs = []

    def work(kind):
        runs.append(kind.__name__)
        stop_after(runs)
        if runs.count(kind.__name__) == 1:
            raise kind("the first time it fails")

    decorated = applied(day, "retry", work, **options)
    for kind in (ValueError, KeyError, OSError, TimeoutError, ZeroDivisionError, TypeError, Custom):
        decorated(kind)
    return {name: runs.count(name) for name in runs}


@probe(shared=True)
def arguments_of_attempts(day, options, args, kwargs):
    """under @retry, which is given {options}, call a function that fails once with args {args} and kwargs {kwargs}"""
    seen = []

    def work(*args, **kwargs):
        seen.append([list(args), kwargs])
        stop_after(seen)
        if len(seen) == 1:
            raise ValueError("the first time it fails")

    applied(day, "retry", work, **options)(*args, **kwargs)
    return seen


@probe(shared=True)
def results_at_once(day, options):
    """under @retry, which is given {options}, let a function return None, 0, False, "" and [], and count its runs"""
    runs = []

    def work(result):
        runs.append(1)
        stop_after(runs)
        return result

    decorated = applied(day, "retry", work, **options)
    return [[decorated(result), len(runs)] for result in (None, 0, False, "", [])]


@probe(shared=True)
def waits(day, options, fails):
    """under @retry, which is given {options}, call a function that fails {fails} times, and look at the clock: the seconds
    that passed, and those of them that it slept, before, between and after the attempts"""
    import itertools

    # All the time that passed, and the part of it that was slept by the virtual clock, which no slow machine makes longer.
    moments = [[clock.now(), clock.offset]]

    def work():
        moments.append([clock.now(), clock.offset])
        stop_after(moments)
        if len(moments) <= fails + 1:
            raise ValueError("not yet")

    attempt(applied(day, "retry", work, **options))
    moments.append([clock.now(), clock.offset])
    steps = [[round(end[0] - start[0], 2), round(end[1] - start[1], 2)] for start, end in itertools.pairwise(moments)]
    return {"before": steps[0], "between": steps[1:-1], "after": steps[-1]}


def check_waits(between, delay, attempts):
    """Asserts that the waits between attempts are `delay`; later ones may grow."""
    assert len(between) == attempts - 1, (
        f"there should be {attempts} attempts, and a wait between each and the next"
    )
    for passed, _ in between:
        assert passed >= delay - 0.05, f"only {passed:.2f} s passed between two attempts, with delay={delay}"
    slept = between[0][1]
    assert slept <= 1.5 * delay + 0.1, (
        f"it waited {slept:.2f} s before the second attempt, with delay={delay}"
    )


@requirement("retry")
def test_a_call_is_tried_again_until_it_succeeds(candidate, rng):
    """after some failures the first success is returned, and nothing runs after it"""
    attempts = rng.randint(3, 7)
    fails = rng.randint(1, attempts - 2)
    mark = f"result {rng.randint(100, 999)}"
    options = {"max_attempts": attempts, "delay": SHORT}
    expected = [["returned", mark, 1], ["returned", mark, fails + 1], ["returned", mark, attempts]]
    assert candidate.run(outcomes, options, [0, fails, attempts - 1], mark) == expected


@requirement("retry")
def test_it_gives_up_after_max_attempts(candidate, rng):
    """after max_attempts attempts, the first one counted, the failure is raised"""
    for attempts in (1, rng.randint(2, 4), rng.randint(5, 8)):
        options = {"max_attempts": attempts, "delay": SHORT}
        seen = candidate.run(outcomes, options, [99], f"number {rng.randint(100, 999)}")
        assert len(seen) == 1
        kind, told, ran = seen[0]
        assert kind == "raised", f"every attempt failed, and still it returned {told!r} instead of raising"
        assert ran == attempts, f"with max_attempts={attempts} the function ran {ran} times"
        assert told is True, "what was raised is not the function's own exception and does not come `from` it"


@requirement("retry")
def test_there_are_three_attempts_by_default(candidate, rng):
    """without max_attempts there are three attempts"""
    assert candidate.run(outcomes, {"delay": SHORT}, [99], f"number {rng.randint(100, 999)}") == [
        ["raised", True, 3]
    ]


@requirement("retry")
def test_every_call_has_all_its_attempts(candidate, rng):
    """attempts are counted anew for every call"""
    attempts = rng.randint(2, 5)
    mark = f"result {rng.randint(100, 999)}"
    options = {"max_attempts": attempts, "delay": SHORT}
    failed, succeeded = ["raised", True, attempts], ["returned", mark, attempts]
    seen = candidate.run(outcomes, options, [99, attempts - 1, 99, attempts - 1], mark)
    assert seen == [failed, succeeded, failed, succeeded]


@requirement("retry")
def test_every_kind_of_exception_is_retried(candidate):
    """whatever exception is raised, the call is tried again"""
    seen = candidate.run(kinds_of_failure, {"max_attempts": 2, "delay": SHORT})
    names = ["ValueError", "KeyError", "OSError", "TimeoutError", "ZeroDivisionError", "TypeError", "Custom"]
    assert seen == dict.fromkeys(names, 2)


@requirement("retry")
def test_every_attempt_gets_the_arguments(candidate, rng):
    """every attempt gets the arguments of the call"""
    args, kwargs = rng.sample(range(100), 2), {"size": rng.randint(1, 99)}
    seen = candidate.run(arguments_of_attempts, {"max_attempts": 3, "delay": SHORT}, args, kwargs)
    assert seen == [[args, kwargs], [args, kwargs]]


@requirement("retry")
def test_empty_results_are_successes(candidate):
    """a call that returns None, 0, False or something empty has succeeded"""
    seen = candidate.run(results_at_once, {"max_attempts": 3, "delay": SHORT})
    assert seen == [[None, 1], [0, 2], [False, 3], ["", 4], [[], 5]]


@requirement("retry-delay")
def test_it_waits_between_attempts(candidate, rng):
    """between one attempt and the next, `delay` seconds pass"""
    delay, attempts = rng.randint(20, 40) / 10, rng.randint(3, 4)
    seen = candidate.run(waits, {"max_attempts": attempts, "delay": delay}, attempts - 1, timeout=WAITING)
    check_waits(seen["between"], delay, attempts)


@requirement("retry-delay")
def test_the_delay_is_one_second_by_default(candidate):
    """without max_attempts and delay, a second passes between each of the three attempts"""
    seen = candidate.run(waits, {}, 2, timeout=WAITING)
    check_waits(seen["between"], 1, 3)


@requirement("retry-delay")
def test_it_does_not_wait_before_the_first_or_after_the_last_attempt(candidate, rng):
    """there is no wait before the first attempt, after a success, or after the last failure"""
    delay = rng.randint(20, 40) / 10
    for fails in (0, 1, 99):
        seen = candidate.run(waits, {"max_attempts": 2, "delay": delay}, fails, timeout=WAITING)
        end = "last failure" if fails == 99 else "success"
        assert seen["before"][0] < delay, f"it waited {seen['before'][0]:.2f} s before the first attempt"
        assert seen["after"][0] < delay, (
            f"it waited {seen['after'][0]:.2f} s after the {end}, before it ended"
        )
