"""`main.py` shows all decorators in action."""
# ruff: noqa: F821 - `raw` and `clock` are given to probes

from grade_kit.suite import helper, probe, requirement
from probes import REQUIREMENTS

# Real seconds for main.py, which may compute something to show how long it takes.
LONG = 30.0


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
def main_program(day, names):
    """python main.py, and see which of {names} are called"""
    import sys

    wanted = {}
    for name in names:
        decorator = raw(getattr(day.decorators, name))
        decorator = getattr(decorator, "func", decorator)
        wanted[getattr(decorator, "__qualname__", type(decorator).__qualname__).split(".")[0]] = name
    used = set()

    def note(frame, event, argument):
        name = wanted.get(frame.f_code.co_qualname.split(".")[0])
        if event == "call" and name:
            used.add(name)
            if len(used) == len(wanted):
                sys.setprofile(None)

    sys.setprofile(note)
    try:
        run_main(day)
    finally:
        sys.setprofile(None)
    return [name for name in names if name in used]


@requirement("main")
def test_main_shows_every_decorator(candidate, source):
    """`python main.py` runs to its end, prints something, and uses all five decorators"""
    source.text("main.py")
    used = candidate.run(main_program, list(REQUIREMENTS), timeout=LONG)
    seen = candidate.log[-1]
    assert (seen.stdout + seen.stderr).strip(), "main.py printed nothing"
    assert used == list(REQUIREMENTS)
