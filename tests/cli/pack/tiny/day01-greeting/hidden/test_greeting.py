"""Greetings, and shouting."""

from grade_kit.suite import probe, requirement


@probe
def greeted(day, name):
    """greet({name})"""
    return day.greeting.greet(name)


@probe
def shouted(day, text):
    """shout({text})"""
    return day.greeting.shout(text)


@requirement("greet")
def test_the_name_is_greeted(candidate, rng):
    """`greet` says Hello to whoever it is"""
    name = rng.choice(["Ada", "Grace", "Guido"])
    assert candidate.run(greeted, name) == f"Hello, {name}!"


@requirement("shout")
def test_the_text_is_in_capitals(candidate, rng):
    """`shout` returns capitals"""
    text = rng.choice(["hear me", "over here", "stop"])
    assert candidate.run(shouted, text) == text.upper()
