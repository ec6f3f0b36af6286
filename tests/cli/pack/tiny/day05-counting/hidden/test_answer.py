"""Two answers, the quick one first."""

from grade_kit.suite import probe, requirement


@probe
def quick(day):
    """quick()"""
    return day.answer.quick()


@probe
def slow(day):
    """slow()"""
    return day.answer.slow()


@requirement("quick")
def test_quick(candidate):
    """`quick` answers 1"""
    assert candidate.run(quick) == 1


@requirement("slow")
def test_slow(candidate):
    """`slow` answers 2"""
    assert candidate.run(slow) == 2
