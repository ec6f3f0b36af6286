"""`@memoize`: what has been computed is not computed again, and no call gets the result of another."""

from grade_kit.suite import probe, requirement
from probes import applied, attempt


@probe(shared=True)
def memoized(day, calls):
    """under @memoize, call work(*args, **kwargs) with these args and kwargs, in this order: {calls}"""
    runs = []

    def work(*args, **kwargs):
        runs.append(1)
        return [list(args), dict(sorted(kwargs.items()))]

    decorated = applied(day, "memoize", work)
    results = [decorated(*args, **kwargs) for args, kwargs in calls]
    return {"results": results, "runs": len(runs)}


@probe(shared=True)
def empty_results(day):
    """under @memoize, let a function return None, 0, False, "" and [], three times each"""
    results = [None, 0, False, "", []]
    runs = []

    def work(number):
        runs.append(number)
        return results[number]

    decorated = applied(day, "memoize", work)
    seen = [[decorated(number) for _ in range(3)] for number in range(len(results))]
    return {"results": seen, "runs": len(runs)}


@probe(shared=True)
def fibonacci(day, number):
    """a recursive fib(n) under @memoize: fib({number})"""
    runs = []

    def fib(n):
        runs.append(n)
        return n if n < 2 else fib(n - 1) + fib(n - 2)

    fib = applied(day, "memoize", fib)
    return {"result": fib(number), "runs": len(runs)}


@probe(shared=True)
def two_functions(day, number):
    """two functions under @memoize, one adds 1 and one adds 2: call both with {number}, twice"""

    def adding(amount):
        return applied(day, "memoize", lambda number: number + amount)

    one, two = adding(1), adding(2)
    return [one(number), two(number), one(number), two(number)]


@probe(shared=True)
def lists(day, first, second):
    """under @memoize, call a function that returns a copy of its list: with {first}, then {second}, then the first changed"""
    decorated = applied(day, "memoize", lambda items: list(items))
    seen = []
    for items in (first, second, first):
        seen.append(attempt(decorated, items))
        first.append(0)
    return seen


def results(calls):
    """Returns what `work` gives for each of these calls."""
    return [[args, dict(sorted(kwargs.items()))] for args, kwargs in calls]


@requirement("memoize")
def test_a_call_is_computed_once(candidate, rng):
    """the same call again is answered without running the function"""
    a, b, c = rng.sample(range(1000), 3)
    calls = [[[a], {}], [[b], {}], [[a], {}], [[c], {}], [[b], {}], [[a], {}]]
    assert candidate.run(memoized, calls) == {"results": results(calls), "runs": 3}


@requirement("memoize")
def test_a_call_with_keyword_arguments_is_computed_once(candidate, rng):
    """the same call with keyword arguments again is answered without running the function"""
    a, b = rng.sample(range(1000), 2)
    calls = [
        [[a], {"size": b}],
        [[], {"size": a, "colour": "red"}],
        [[a], {"size": b}],
        [[], {"size": a, "colour": "red"}],
    ]
    assert candidate.run(memoized, calls) == {"results": results(calls), "runs": 2}


@requirement("memoize")
def test_empty_results_are_kept_too(candidate):
    """a result that is None, 0, False or empty is remembered like any other"""
    expected = [[result] * 3 for result in (None, 0, False, "", [])]
    assert candidate.run(empty_results) == {"results": expected, "runs": 5}


@requirement("memoize")
def test_recursive_calls_are_remembered(candidate, rng):
    """in a recursive function every number is computed once"""
    number = rng.randint(10, 16)
    before, result = 0, 1
    for _ in range(number - 1):
        before, result = result, before + result
    assert candidate.run(fibonacci, number) == {"result": result, "runs": number + 1}


@requirement("memoize-keys")
def test_different_arguments_have_different_results(candidate, rng):
    """calls that differ in value, order, number or type of arguments have results of their own"""
    a, b = rng.sample(range(2, 10), 2)
    calls = [
        [[a, b], {}],
        [[b, a], {}],
        [[a], {}],
        [[], {}],
        [[a, b, b], {}],
        [[f"{a}", b], {}],
        [[f"{a}{b}"], {}],
    ]
    calls += [[[10 * a + b, a], {}], [[a, 10 * b + a], {}]]
    assert candidate.run(memoized, calls) == {"results": results(calls), "runs": len(calls)}


@requirement("memoize-keys")
def test_keyword_arguments_tell_calls_apart(candidate, rng):
    """calls that differ in a keyword argument's value or name have results of their own"""
    a, b = rng.sample(range(1000), 2)
    calls = [[[a], {"size": a}], [[a], {"size": b}], [[a], {"weight": b}], [[a], {}]]
    calls += [[[], {"size": a, "weight": b}], [[], {"size": b, "weight": a}]]
    assert candidate.run(memoized, calls) == {"results": results(calls), "runs": len(calls)}


@requirement("memoize-keys")
def test_functions_do_not_share_results(candidate, rng):
    """each function has its own results"""
    number = rng.randint(1, 1000)
    assert candidate.run(two_functions, number) == [number + 1, number + 2] * 2


@requirement("memoize-keys")
def test_a_list_is_refused_or_answered_rightly(candidate, rng):
    """a call with a list is computed rightly, or refused"""
    first, second = rng.sample(range(1, 100), 2), rng.sample(range(100, 200), 2)
    rightly = [first, second, [*first, 0, 0]]
    seen = candidate.run(lists, first, second)
    assert seen == [
        answer if answer == "refused" else right for answer, right in zip(seen, rightly, strict=True)
    ]
