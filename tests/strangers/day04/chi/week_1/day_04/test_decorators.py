from __future__ import annotations

import asyncio
import logging
from typing import Optional

import decorators
import pytest


class FakeTime:
    """A clock that only moves when somebody sleeps."""

    def __init__(self):
        self.now = 0.0
        self.slept = []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def fake_time(monkeypatch):
    fake = FakeTime()
    monkeypatch.setattr(decorators.time, "sleep", fake.sleep)
    return fake


@pytest.mark.parametrize(
    "decorate", [decorators.timer, decorators.timer(level=logging.WARNING)]
)
def test_timer_logs(decorate, caplog):
    def work(n):
        return n + 1

    with caplog.at_level(logging.INFO, logger="decorators"):
        wrapped = decorate(work)
        assert wrapped(1) == 2
    assert "work took" in caplog.text
    assert wrapped.last_elapsed >= 0


def test_timer_awaits():
    @decorators.timer
    async def nap():
        await asyncio.sleep(0.02)
        return "rested"

    assert asyncio.run(nap()) == "rested"
    assert nap.last_elapsed >= 0.01


def test_retry_backs_off(fake_time):
    attempts = []

    @decorators.retry(max_attempts=4, delay=1, backoff=2)
    def never():
        attempts.append(1)
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        never()
    assert len(attempts) == 4
    assert fake_time.slept == [1, 2, 4]


def test_retry_async():
    attempts = []

    @decorators.retry(max_attempts=2, delay=0)
    async def second_time():
        attempts.append(1)
        if len(attempts) == 1:
            raise RuntimeError("no")
        return "yes"

    assert asyncio.run(second_time()) == "yes"


def test_memoize_and_the_unhashable():
    calls = []

    @decorators.memoize
    def total(items, scale=1):
        calls.append(items)
        return sum(items) * scale

    assert total((1, 2)) == total((1, 2)) == 3
    assert total((1, 2), scale=2) == 6
    assert total([1, 2]) == total([1, 2]) == 3
    assert calls == [(1, 2), (1, 2), [1, 2], [1, 2]]


@pytest.mark.parametrize(
    "args, good",
    [
        (([1], None), True),
        (([1], "x"), True),
        ((["1"], None), False),
        (([1], 2), False),
        (({1}, None), False),
    ],
)
def test_validate_types(args, good):
    @decorators.validate_types
    def func(numbers: list[int], label: Optional[str] = None) -> int:
        return len(numbers)

    if good:
        assert func(*args) == 1
    else:
        with pytest.raises(TypeError):
            func(*args)


def test_validate_types_result():
    @decorators.validate_types
    def liar() -> int:
        return "three"  # type: ignore[return-value]

    with pytest.raises(TypeError, match="return value"):
        liar()


def test_rate_limit(fake_time):
    @decorators.rate_limit(calls=2, period=10, clock=fake_time)
    def when():
        return fake_time.now

    assert [when() for _ in range(5)] == [0, 0, 10, 10, 20]
