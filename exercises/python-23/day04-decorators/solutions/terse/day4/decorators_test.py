import pytest
from decorators import memoize, rate_limit, retry, timer, validate_types


def test_timer_returns_a_pair():
    result, seconds = timer(max)(1, 2)
    assert result == 2 and 0 <= seconds < 10


def test_retry_in_the_end_succeeds():
    numbers = iter([0, 0, 5])
    assert retry(delay=0)(lambda: 10 / next(numbers))() == 2


def test_retry_in_the_end_fails():
    with pytest.raises(RuntimeError, match="division"):
        retry(max_attempts=2, delay=0)(lambda: 1 / 0)()


def test_memoize():
    calls = []
    remembered = memoize(lambda n: calls.append(n) or n * n)
    assert [remembered(3), remembered(3), remembered(4)] == [9, 9, 16]
    assert calls == [3, 4]


def test_validate_types():
    @validate_types
    def half(n: int, digits: int | None = None):
        return round(n / 2, digits)

    assert half(3, digits=1) == 1.5
    for wrong in ("3", None, 3.0):
        with pytest.raises(AssertionError):
            half(wrong)


def test_rate_limit():
    limited = rate_limit(calls=2, period=10_000)(lambda: "ran")
    results = [limited() for _ in range(6)]
    assert results.count("ran") in (2, 4)
