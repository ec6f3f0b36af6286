import decorators
import pytest
from decorators import memoize, rate_limit, retry, timer, validate_types


@pytest.fixture(autouse=True)
def slept(monkeypatch):
    now = [0.0]
    sleeps = []

    def sleep(seconds):
        sleeps.append(seconds)
        now[0] += seconds

    monkeypatch.setattr(decorators.time, "sleep", sleep)
    monkeypatch.setattr(decorators.time, "monotonic", lambda: now[0])
    return sleeps


def failing(times, result="ok"):
    outcomes = iter([ValueError("no")] * times + [result])

    def function():
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return function


def test_timer():
    ticks = iter([1_000_000_000, 3_500_000_000])
    timed = timer(clock=lambda: next(ticks))(lambda: "ok")
    assert timed() == "ok"
    assert timed.elapsed == 2.5


@pytest.mark.parametrize(("times", "pauses"), [(0, []), (1, [1]), (2, [1, 2])])
def test_retry(times, pauses, slept):
    assert retry(failing(times))() == "ok"
    assert slept == pauses


def test_retry_in_vain():
    with pytest.raises(ValueError):
        retry(max_attempts=2)(failing(2))()


def test_memoize():
    seen = []

    @memoize
    def add(a, b=0):
        seen.append((a, b))
        return a + b

    assert [add(1), add(a=1), add(1, 0), add(1, 2)] == [1, 1, 1, 3]
    assert seen == [(1, 0), (1, 2)]


@pytest.mark.parametrize("value", [1, None])
def test_validate_types(value):
    @validate_types
    def same(item: int | None, *, name: str = ""):
        return item

    assert same(value) == value
    with pytest.raises(TypeError, match="item"):
        same("x")
    with pytest.raises(TypeError, match="name"):
        same(value, name=value)


def test_rate_limit(slept):
    tick = rate_limit(calls=2, period=1)(lambda: "tick")
    assert [tick() for _ in range(3)] == ["tick"] * 3
    assert slept == [0.5, 0.5]
