import time
from unittest import mock

import decorators
import pytest


def test_timer() -> None:
    nap = decorators.timer(time.sleep)
    nap(0.03)
    nap(0)
    first, second = nap.durations
    assert first >= 0.02 > second


@pytest.mark.parametrize("attempts", [1, 2, 5])
def test_retry(attempts: int) -> None:
    broken = mock.Mock(side_effect=OSError, __name__="broken")
    with mock.patch.object(decorators.time, "sleep") as sleep, pytest.raises(
        decorators.RetriesExhausted
    ):
        decorators.retry(max_attempts=attempts, delay=3)(broken)("x")
    assert broken.call_args_list == [mock.call("x")] * attempts
    assert sleep.call_args_list == [mock.call(3)] * (attempts - 1)


def test_memoize() -> None:
    work = mock.Mock(return_value=None, __name__="work")
    cached = decorators.memoize(work)
    cached(1, a=2)
    cached(1, a=2)
    cached(1, a=3)
    assert work.call_count == 2


def test_validate_types() -> None:
    @decorators.validate_types
    def add(a: int, b: int = 1) -> int:
        return a + b

    assert add(1) == 2
    with pytest.raises(AssertionError, match="b='x' is not int"):
        add(1, b="x")


def test_rate_limit() -> None:
    with mock.patch.object(decorators.time, "monotonic") as now:
        now.return_value = 0.0
        limited = decorators.rate_limit(calls=2, period=10)(lambda: "ran")
        assert [limited(), limited()] == ["ran", "ran"]
        with pytest.raises(RuntimeError):
            limited()
        now.return_value = 5.0
        assert limited() == "ran"
        with pytest.raises(RuntimeError):
            limited()
