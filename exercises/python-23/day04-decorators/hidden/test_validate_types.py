"""`@validate_types`: right arguments pass, wrong ones are refused before the function runs."""

from grade_kit.suite import probe, requirement
from probes import applied, attempt

# For each parameter of `work` below: values that do not fit its hint.
WRONG = {
    "number": ["7", None, 2.5, [1], b"7"],
    "word": [7, None, b"word", ["word"]],
    "size": ["2.5", None, [2.5]],
    "tags": ["a", None, 3, ["a"]],
}


@probe(shared=True)
def validated(day, calls):
    """under @validate_types, call work(number: int, word: str = "w", *, size: float = 0.5, tags: tuple = ()) with {calls}"""
    ran = []

    def work(number: int, word: str = "w", *, size: float = 0.5, tags: tuple = ()) -> list:
        ran.append(number)
        return [number, word, size, tags]

    decorated = applied(day, "validate_types", work)
    outcomes = []
    for args, kwargs in calls:
        ran.clear()
        outcomes.append([attempt(decorated, *args, **kwargs), len(ran)])
    return outcomes


@probe(shared=True)
def half_hinted(day, free, numbers):
    """under @validate_types, call work(free, number: int, *rest, **more) with free={free} and each of {numbers}"""

    def work(free, number: int, *rest, **more):
        return [free, number, list(rest), more]

    decorated = applied(day, "validate_types", work)
    outcomes = []
    for number in numbers:
        outcomes.append(attempt(decorated, free, number))
        outcomes.append(attempt(decorated, free, number=number))
        outcomes.append(attempt(decorated, free, number, free, other=free))
    return outcomes


@probe(shared=True)
def own_classes(day):
    """under @validate_types, call greet(animal: Animal) with an Animal, with a Dog (a subclass), and with a Car"""

    class Animal:
        pass

    class Dog(Animal):
        pass

    class Car:
        pass

    def greet(animal: Animal) -> str:
        return type(animal).__name__

    decorated = applied(day, "validate_types", greet)
    return [attempt(decorated, cls()) for cls in (Animal, Dog, Car)]


@probe(shared=True)
def method(day, amounts):
    """a method add(self, amount: int) under @validate_types, called with each of {amounts}"""

    def decorator(function):
        return applied(day, "validate_types", function)

    class Sum:
        total = 0

        @decorator
        def add(self, amount: int) -> int:
            self.total += amount
            return self.total

    target = Sum()
    return [attempt(target.add, amount) for amount in amounts]


@probe(shared=True)
def hinted(day, kind, values):
    """under @validate_types, call a function whose argument has the hint {kind} with each of {values}"""
    import typing

    hint = {
        "Optional[int]": typing.Optional[int],  # noqa: UP045 - the old spelling is meant
        "int | None": int | None,
        "int | str": int | str,
        "Union[int, str]": typing.Union[int, str],  # noqa: UP007 - the old spelling is meant
        "list[int]": list[int],
        "dict[str, int]": dict[str, int],
        "set[int]": set[int],
        "tuple[int, ...]": tuple[int, ...],
    }[kind]

    def work(item: hint, after: int = 1) -> list:
        return [item, after]

    decorated = applied(day, "validate_types", work)
    return [decorated(value) for value in values] + [decorated(item=value, after=2) for value in values]


@requirement("validate-types")
def test_right_arguments_pass(candidate, rng):
    """arguments that fit their hints pass, by position or by name, and defaults may be left out"""
    a, b, word, size, tags = (
        rng.randint(1, 99),
        -rng.randint(1, 99),
        rng.choice(["x", "why", ""]),
        rng.random(),
        ("t",),
    )
    calls = [
        [[a], {}],
        [[b, word], {}],
        [[], {"number": b}],
        [[a], {"word": word, "size": size}],
        [[], {"tags": tags, "word": word, "number": a}],
    ]
    results = [
        [a, "w", 0.5, ()],
        [b, word, 0.5, ()],
        [b, "w", 0.5, ()],
        [a, word, size, ()],
        [a, word, 0.5, tags],
    ]
    assert candidate.run(validated, calls) == [[result, 1] for result in results]


@requirement("validate-types")
def test_wrong_arguments_are_refused(candidate, rng):
    """an argument that does not fit its hint is refused, at whichever place, before the function runs"""
    a, wrong = rng.randint(1, 99), {name: rng.choice(values) for name, values in WRONG.items()}
    calls = [[[wrong["number"]], {}], [[wrong["number"], "w"], {}], [[a, wrong["word"]], {}]]
    assert candidate.run(validated, calls) == [["refused", 0]] * len(calls)


@requirement("validate-types")
def test_wrong_keyword_arguments_are_refused(candidate, rng):
    """an argument that is given by name is checked like any other"""
    a, wrong = rng.randint(1, 99), {name: rng.choice(values) for name, values in WRONG.items()}
    calls = [
        [[], {"number": wrong["number"]}],
        *([[a], {name: wrong[name]}] for name in ("word", "size", "tags")),
    ]
    assert candidate.run(validated, calls) == [["refused", 0]] * len(calls)


@requirement("validate-types")
def test_a_refusal_changes_nothing_for_later_calls(candidate, rng):
    """after a refusal, right arguments pass and wrong ones are refused again"""
    a, wrong = rng.randint(1, 99), rng.choice(WRONG["number"])
    right, refused = [[a, "w", 0.5, ()], 1], ["refused", 0]
    calls = [[[wrong], {}], [[a], {}], [[wrong], {}], [[a], {}]]
    assert candidate.run(validated, calls) == [refused, right, refused, right]


@requirement("validate-types")
def test_parameters_without_hints_take_anything(candidate, rng):
    """parameters without hints take anything, and those with hints beside them are still checked"""
    free, number, wrong = (
        rng.choice([None, "text", 1.5, [1]]),
        rng.randint(1, 99),
        rng.choice(WRONG["number"]),
    )
    right = [[free, number, [], {}], [free, number, [], {}], [free, number, [free], {"other": free}]]
    assert candidate.run(half_hinted, free, [number, wrong]) == [*right, "refused", "refused", "refused"]


@requirement("validate-types")
def test_a_subclass_fits_a_hint(candidate):
    """an object of a subclass fits, an object of another class does not"""
    assert candidate.run(own_classes) == ["Animal", "Dog", "refused"]


@requirement("validate-types")
def test_the_arguments_of_a_method_are_checked(candidate, rng):
    """the arguments of a method are checked, and `self` is left alone"""
    first, second, wrong = rng.randint(1, 99), rng.randint(1, 99), rng.choice(WRONG["number"])
    assert candidate.run(method, [first, wrong, second]) == [first, "refused", first + second]


@requirement("validate-hints")
def test_optional_arguments_pass(candidate, rng):
    """arguments with the hint `Optional[int]` or `int | None` may be a number or None"""
    values = [rng.randint(1, 99), None]
    for kind in ("Optional[int]", "int | None"):
        assert candidate.run(hinted, kind, values) == [[each, after] for after in (1, 2) for each in values]


@requirement("validate-hints")
def test_arguments_of_several_types_pass(candidate, rng):
    """arguments with the hint `int | str` or `Union[int, str]` may be of either type"""
    values = [rng.randint(1, 99), rng.choice(["one", "two"])]
    for kind in ("int | str", "Union[int, str]"):
        assert candidate.run(hinted, kind, values) == [[each, after] for after in (1, 2) for each in values]


@requirement("validate-hints")
def test_collections_of_something_pass(candidate, rng):
    """arguments with a hint like `list[int]`, `dict[str, int]`, `set[int]` or `tuple[int, ...]` pass when they are right"""
    numbers = rng.sample(range(100), 3)
    for kind, values in {
        "list[int]": [numbers, []],
        "dict[str, int]": [{"a": numbers[0], "b": numbers[1]}, {}],
        "set[int]": [set(numbers), set()],
        "tuple[int, ...]": [tuple(numbers), ()],
    }.items():
        assert candidate.run(hinted, kind, values) == [[each, after] for after in (1, 2) for each in values]
