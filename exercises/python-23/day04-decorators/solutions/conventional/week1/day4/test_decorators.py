"""Tests for the decorators."""

import re

import decorators
import pytest
from decorators import RateLimitExceeded, memoize, rate_limit, retry, timer, validate_types


class FakeTime:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.sleeps: list[float] = []

    def monotonic(self) -> float:
        return self.now

    perf_counter = monotonic

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeTime:
    fake = FakeTime()
    monkeypatch.setattr(decorators, "time", fake)
    return fake


def test_timer_prints_the_time(clock: FakeTime, capsys: pytest.CaptureFixture[str]) -> None:
    @timer
    def work() -> str:
        clock.sleep(2.5)
        return "done"

    assert work() == "done"
    assert re.search(r"work took 2\.5000s", capsys.readouterr().out)


def test_retry_tries_again(clock: FakeTime) -> None:
    runs = []

    @retry(max_attempts=3, delay=2)
    def work() -> str:
        runs.append(1)
        if len(runs) < 3:
            raise ValueError("no")
        return "yes"

    assert work() == "yes"
    assert clock.sleeps == [2, 2]


def test_retry_gives_up(clock: FakeTime) -> None:
    @retry()
    def work() -> None:
        raise ValueError("never")

    with pytest.raises(ValueError, match="never"):
        work()
    assert clock.sleeps == [1, 1]


def test_memoize_runs_once() -> None:
    runs = []

    @memoize
    def double(n: int, *, add: int = 0) -> int:
        runs.append(n)
        return 2 * n + add

    assert [double(2), double(2), double(2, add=1), double(3)] == [4, 4, 5, 6]
    assert len(runs) == 3


def test_validate_types_accepts_and_refuses() -> None:
    @validate_types
    def repeat(word: str, times: int | None = None) -> str:
        return word * (times or 1)

    assert repeat("a", times=3) == "aaa"
    assert repeat("a", None) == "a"
    with pytest.raises(TypeError, match="times"):
        repeat("a", times="3")  # type: ignore[arg-type]


def test_rate_limit_refuses_and_recovers(clock: FakeTime) -> None:
    @rate_limit(calls=2, period=10)
    def ping() -> str:
        return "pong"

    assert [ping(), ping()] == ["pong", "pong"]
    with pytest.raises(RateLimitExceeded):
        ping()
    clock.sleep(10)
    assert ping() == "pong"


def test_names_are_kept() -> None:
    @timer
    @memoize
    def documented() -> None:
        """Says something."""

    assert documented.__name__ == "documented"
    assert documented.__doc__ == "Says something."
