"""What holds for all five: arguments, results and exceptions pass through, methods work, names and docstrings stay."""

import pytest
from grade_kit.suite import probe, requirement
from probes import REQUIREMENTS, applied, result_of

EACH = [pytest.param(name, marks=requirement(slug), id=name) for name, slug in REQUIREMENTS.items()]
# What `retry` does with an exception is its own affair.
ALL_BUT_RETRY = [each for each in EACH if each.id != "retry"]


@probe(shared=True)
def calls(day, name, arguments):
    """under the decorator {name}, call work(*args, **kwargs) with these args and kwargs: {arguments}"""
    ran = []

    def work(*args, **kwargs):
        ran.append(args)
        return [list(args), dict(sorted(kwargs.items()))]

    decorated = applied(day, name, work)
    before = len(ran)
    results = [result_of(name, decorated(*args, **kwargs)) for args, kwargs in arguments]
    return {"results": results, "runs before the first call": before, "runs in all": len(ran)}


@probe(shared=True)
def failing_call(day, name, text):
    """under the decorator {name}, call a function that raises LookupError({text})"""

    def work():
        raise LookupError(text)

    decorated = applied(day, name, work)
    try:
        return ["it returned", decorated()]
    except LookupError as error:
        return ["LookupError", *error.args]


@probe(shared=True)
def method_calls(day, name, owners, number):
    """a method under the decorator {name}, called with {number} on objects that hold {owners}"""
    import sys
    import types

    decorated = []

    def decorator(function):
        decorated.append(applied(day, name, function))
        return decorated[0]

    class Owner:
        def __init__(self, held):
            self.held = held

        @decorator
        def tell(self, number, extra=None):
            return [self.held, number, extra]

    # As an importable class, or pickle, by which some make their keys, could not find it.
    Owner.__module__, Owner.__qualname__ = "owners", "Owner"
    sys.modules["owners"] = types.ModuleType("owners")
    sys.modules["owners"].Owner = Owner
    if not hasattr(decorated[0], "__get__"):
        return "for functions only"
    objects = [Owner(held) for held in owners]
    return [result_of(name, each.tell(number, extra=-number)) for each in objects]


@probe(shared=True)
def description(day, name, given, doc):
    """put the decorator {name} on a function called {given} with the docstring {doc}"""

    def work():
        return []

    work.__name__ = given
    work.__doc__ = doc
    decorated = applied(day, name, work)
    return {"__name__": getattr(decorated, "__name__", None), "__doc__": getattr(decorated, "__doc__", None)}


@pytest.mark.parametrize("name", EACH)
def test_arguments_and_results_pass_through(candidate, rng, name):
    """a function under @{name} gets its arguments, runs once for a call, and its result comes back"""
    words = rng.sample(["apple", "pear", "plum", "fig", "lime"], 2)
    numbers = rng.sample(range(100), 4)
    arguments = [
        [[words[0], numbers[0]], {}],
        [[], {"size": numbers[1], "colour": words[1]}],
        [[numbers[2], numbers[3]], {"size": words[0]}],
    ]
    expected = [[args, dict(sorted(kwargs.items()))] for args, kwargs in arguments]
    assert candidate.run(calls, name, arguments) == {
        "results": expected,
        "runs before the first call": 0,
        "runs in all": len(arguments),
    }


@pytest.mark.parametrize("name", ALL_BUT_RETRY)
def test_exceptions_pass_through(candidate, rng, name):
    """what a function under @{name} raises reaches its caller"""
    text = f"no such thing: {rng.randint(100, 999)}"
    assert candidate.run(failing_call, name, text) == ["LookupError", text]


@pytest.mark.parametrize("name", EACH)
def test_methods_can_be_decorated(candidate, rng, name):
    """@{name} works on a method, and each object is used for its own calls"""
    owners = rng.sample(["a", "bb", "ccc", "dddd", "eeeee"], 2)
    number = rng.randint(1, 99)
    expected = [[held, number, -number] for held in owners]
    seen = candidate.run(method_calls, name, owners, number)
    # An instance of a class without `__get__` decorates functions, which is all that the plan asks for.
    if seen != "for functions only":
        assert seen == expected


@requirement("metadata")
@pytest.mark.parametrize("name", REQUIREMENTS)
def test_name_and_docstring_are_kept(candidate, rng, name):
    """a function keeps its name and its docstring under @{name}"""
    given = f"{rng.choice(['add', 'load', 'send', 'count'])}_{rng.randint(10, 99)}"
    doc = f"Does thing number {rng.randint(100, 999)}."
    assert candidate.run(description, name, given, doc) == {"__name__": given, "__doc__": doc}
