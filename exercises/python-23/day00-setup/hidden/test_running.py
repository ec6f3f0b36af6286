"""hello.py: running it prints something, and importing it does no harm."""

from grade_kit.suite import ProbeFailed, helper, probe, requirement


@helper
def somebody_types():
    """Answers whatever the program asks: a line with 1, then one with 2 … A number may be a name, an age or a guess."""
    import io
    import sys

    sys.stdin = io.StringIO("".join(f"{number}\n" for number in range(1, 101)))


@probe
def run_hello(day):
    """python hello.py"""
    somebody_types()
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
    assert not seen.raised_a("EOFError"), "it still asks for more after a hundred lines were typed"
    if seen.kind != "returned":
        raise ProbeFailed(seen)
    assert seen.stdout.strip(), "it printed nothing that can be seen on its standard output"


@requirement("hello")
def test_hello_can_be_imported(candidate):
    """`import hello` works, so that a test can use what is in it"""
    try:
        assert candidate.run(import_hello) == "imported"
    except ProbeFailed as failed:
        # One that asks at once does so here as well, where nobody answers. How it goes on is seen when it is run.
        if failed.observation.kind != "blocked" or not candidate.imports["hello"].raised_a("EOFError"):
            raise
