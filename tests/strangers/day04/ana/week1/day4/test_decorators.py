import time

import pytest

from decorators import memoize, rate_limit, retry, timer, validate_types


def test_timer(capsys):
    @timer
    def add(a, b):
        "Adds."
        return a + b

    assert add(1, b=2) == 3
    assert "add took" in capsys.readouterr().out
    assert add.__doc__ == "Adds."


def test_retry_succeeds_in_the_end():
    calls = []

    @retry(max_attempts=3, delay=0)
    def flaky():
        calls.append(1)
        if len(calls) < 3:
            raise ValueError("not yet")
        return "ok"

    assert flaky() == "ok"
    assert len(calls) == 3


def test_retry_gives_up():
    calls = []

    @retry(max_attempts=2, delay=0.01)
    def broken():
        calls.append(1)
        raise KeyError("always")

    with pytest.raises(KeyError):
        broken()
    assert len(calls) == 2


def test_memoize():
    calls = []

    @memoize
    def square(n):
        calls.append(n)
        return n * n

    assert square(3) == 9
    assert square(3) == 9
    assert square(4) == 16
    assert calls == [3, 4]


def test_validate_types():
    @validate_types
    def repeat(word: str, times: int = 2) -> str:
        return word * times

    assert repeat("ab") == "abab"
    with pytest.raises(TypeError):
        repeat("ab", "2")
    with pytest.raises(TypeError):
        repeat(word=3)


def test_rate_limit():
    @rate_limit(calls=2, period=0.2)
    def ping():
        return "pong"

    start = time.perf_counter()
    assert [ping() for _ in range(3)] == ["pong"] * 3
    assert time.perf_counter() - start >= 0.18
