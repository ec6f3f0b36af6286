import threading
from unittest.mock import MagicMock, call, patch

import pytest

from week1.day4.decorators import (
    Timing,
    memoize,
    rate_limit,
    retry,
    timer,
    validate_types,
)


def test_timer_reports():
    seen: list[Timing] = []

    @timer(report=seen.append)
    def work(x: int) -> int:
        return x

    assert work(5) == 5
    assert seen[0].name == "work"
    assert seen[0].seconds >= 0


def test_timer_prints(capsys):
    @timer
    def work() -> None:
        raise ValueError

    with pytest.raises(ValueError):
        work()
    assert capsys.readouterr().out.startswith("work ran for")


class TestRetry:
    @patch("week1.day4.decorators.time.sleep")
    def test_delay(self, sleep: MagicMock) -> None:
        @retry(max_attempts=3, delay=2)
        def fail() -> None:
            raise OSError("x")

        with pytest.raises(OSError):
            fail()
        assert sleep.call_args_list == [call(2), call(2)]

    @patch("week1.day4.decorators.time.sleep")
    def test_bare(self, sleep: MagicMock) -> None:
        outcomes = iter([1, 0])

        @retry
        def invert() -> float:
            return 1 / (1 - next(outcomes))

        assert invert() == 1
        sleep.assert_called_once_with(1)


def test_memoize():
    seen = []

    @memoize
    def same(x, *, y=0):
        seen.append((x, y))
        return x

    assert same(1) == same(1)
    assert same(2, y=1) == same(2, y=1)
    assert seen == [(1, 0), (2, 1)]
    assert same.__name__ == "same"


@pytest.mark.parametrize("bad", [1, None, b"a"])
def test_validate_types(bad):
    @validate_types
    def first(text: str, rest: "list[int] | None" = None) -> str:
        return text[0]

    assert first("abc", [1]) == "a"
    with pytest.raises(TypeError):
        first(bad)


def test_rate_limit_in_threads():
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    with patch("week1.day4.decorators.time") as fake:
        fake.monotonic = lambda: now[0]
        fake.sleep = sleep
        stamps = []

        @rate_limit(calls=3, period=1)
        def hit() -> None:
            stamps.append(now[0])

        threads = [threading.Thread(target=hit) for _ in range(7)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(stamps) == 7
    assert now[0] == 2.0
