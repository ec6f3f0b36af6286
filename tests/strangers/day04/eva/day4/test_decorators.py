import time
import decorators
import pytest


def test_timer(capsys):
    @decorators.timer
    def f():
        time.sleep(0.1)
        return 5

    assert f() == 5
    out = capsys.readouterr().out
    assert "Function f finished in 0.1" in out


def test_retry_ok():
    count = 0

    @decorators.retry(max_attempts=3, delay=0.1)
    def f():
        nonlocal count
        count += 1
        if count < 2:
            raise Exception("error")
        return "good"

    assert f() == "good"
    assert count == 2


def test_retry_fail():
    count = 0

    @decorators.retry(max_attempts=3, delay=0)
    def f():
        nonlocal count
        count += 1
        raise ValueError("error")

    with pytest.raises(ValueError):
        f()
    assert count == 3


def test_memoize():
    count = 0

    @decorators.memoize
    def f(x):
        nonlocal count
        count += 1
        return x * 2

    assert f(2) == 4
    assert f(2) == 4
    assert count == 1
    assert f(3) == 6
    assert count == 2


def test_validate():
    @decorators.validate_types
    def f(a: int, b: str):
        return b * a

    assert f(2, "x") == "xx"
    with pytest.raises(TypeError):
        f("2", "x")
    with pytest.raises(TypeError):
        f(2, b=5)


def test_rate_limit():
    count = 0

    @decorators.rate_limit(calls=2, period=0.3)
    def f():
        nonlocal count
        count += 1
        return "ok"

    assert f() == "ok"
    assert f() == "ok"
    assert f() is None
    assert count == 2
    time.sleep(0.4)
    assert f() == "ok"
