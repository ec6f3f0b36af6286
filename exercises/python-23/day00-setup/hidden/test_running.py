"""hello.py: running it prints something, and importing it does no harm."""

from grade_kit.suite import ProbeFailed, probe, requirement


@probe
def run_hello(day):
    """python hello.py"""
    day.script("hello.py")


@probe
def import_hello(day):
    """import hello"""
    day.hello  # noqa: B018 - naming it is what is tested
    return "imported"


@requirement("hello")
def test_running_hello_prints_something(candidate, source):
    """`python hello.py` prints something and comes to its end by itself"""
    assert source.exists("hello.py"), "there is no `hello.py` in the day's folder"
    seen = candidate.observe(run_hello)
    assert not seen.raised_a("EOFError"), "it waits for somebody to type something, and nobody does"
    if seen.kind != "returned":
        raise ProbeFailed(seen)
    assert seen.stdout.strip(), "it printed nothing that can be seen on its standard output"


@requirement("hello")
def test_hello_can_be_imported(candidate):
    """`import hello` works, so that a test can use what is in it"""
    assert candidate.run(import_hello) == "imported"
