import time

import pytest

from decorators import memoize, rate_limit, retry, timer, validate_types


def test_timer(capsys):
    @timer
    def f():
        time.sleep(0.01)
        return 1

    assert f() == 1
    assert "executed in" in capsys.readouterr().out


def test_retry_success():
    count = 0

    @retry(max_attempts=3, delay=0.01)
    def f():
        nonlocal count
        count += 1
        if count < 3:
            raise ValueError("fail")
        return "ok"

    assert f() == "ok"
    assert count == 3


def test_retry_failure():
    @retry(max_attempts=2, delay=0.01)
    def f():
        raise ValueError("fail")

    with pytest.raises(ValueError):
        f()


def test_memoize():
    calls = []

    @memoize
    def f(x):
        calls.append(x)
        return x * x

    assert f(4) == 16
    assert f(4) == 16
    assert calls == [4]


def test_validate_types():
    @validate_types
    def add(a: int, b: int) -> int:
        return a + b

    assert add(1, 2) == 3
    assert add(1, b=2) == 3
    with pytest.raises(TypeError):
        add("1", 2)
    with pytest.raises(TypeError):
        add(1, b="2")


def test_rate_limit():
    @rate_limit(calls=2, period=0.1)
    def f():
        return time.time()

    start = time.time()
    f()
    f()
    assert time.time() - start < 0.09
    f()
    assert time.time() - start >= 0.09
