"""`main.py` shows all decorators in action."""
# ruff: noqa: F821 - `raw` and `clock` are given to probes

from grade_kit.suite import helper, probe, requirement
from probes import REQUIREMENTS


@helper
def run_main(day):
    """Runs main.py as `python main.py` does, or, where that is how it imports, as `python -m package.main` does."""
    import runpy

    try:
        day.script("main.py")
    except ImportError:
        package = raw(day.decorators).__package__
        if not package:
            raise
        runpy.run_module(f"{package}.main", run_name="__main__")


@probe
def decorators_of_main(day):
    """python main.py"""
    import sys

    entered = set()

    def note(frame, event, argument):
        if event == "call":
            entered.add(frame.f_code.co_qualname.split(".")[0])

    def is_used(name):
        decorator = raw(getattr(day.decorators, name))
        decorator = getattr(decorator, "func", decorator)
        return getattr(decorator, "__qualname__", type(decorator).__qualname__).split(".")[0] in entered

    sys.setprofile(note)
    try:
        run_main(day)
    finally:
        sys.setprofile(None)
    return [name for name in ("timer", "retry", "memoize", "validate_types", "rate_limit") if is_used(name)]


@requirement("main")
def test_main_runs_and_prints(candidate, source):
    """`python main.py` runs to its end and prints something"""
    source.text("main.py")
    candidate.run(decorators_of_main, timeout=20)
    seen = candidate.log[-1]
    assert (seen.stdout + seen.stderr).strip(), "main.py printed nothing"


@requirement("main")
def test_main_uses_every_decorator(candidate, source):
    """main.py uses all five decorators"""
    source.text("main.py")
    assert candidate.run(decorators_of_main, timeout=20) == list(REQUIREMENTS)
