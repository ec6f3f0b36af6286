"""`median`: the middle of a list, whatever its order."""

from statistics import median

from grade_kit.suite import helper, probe, requirement


@helper
def attempt(function, *args):
    """Returns what the function returned, or "refused" where it raised."""
    try:
        return function(*args)
    except NotImplementedError:
        return "not written yet"
    except Exception:
        return "refused"


@probe
def middle_of(day, numbers):
    """median({numbers})"""
    return day.stats.median(numbers)


@probe
def tried(day, numbers):
    """median({numbers})"""
    return attempt(day.stats.median, numbers)


@requirement("median")
def test_an_odd_number_of_numbers(candidate, rng):
    """of an odd number of numbers it is the one in the middle, when they are in order"""
    numbers = rng.sample(range(-100, 100), 7)
    assert candidate.run(middle_of, numbers) == median(numbers)


@requirement("median")
def test_an_even_number_of_numbers(candidate, rng):
    """of an even number of numbers it is the mean of the middle two, when they are in order"""
    low = rng.randint(1, 50)
    numbers = rng.sample([low, low + 1, low + 10, low + 99], 4)
    assert candidate.run(middle_of, numbers) == median(numbers)


@requirement("empty")
def test_an_empty_list_is_refused(candidate):
    """an empty list has no median, so it is refused with an exception"""
    assert candidate.run(tried, []) == "refused"
