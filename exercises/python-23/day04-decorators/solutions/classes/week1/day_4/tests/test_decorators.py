"""Tests of the decorators."""

import time
import unittest
from unittest import mock

from week1.day_4.decorators import (
    ArgumentError,
    RetryError,
    memoize,
    rate_limit,
    retry,
    timer,
    validate_types,
)


class TimerTest(unittest.TestCase):
    def test_time_is_measured(self) -> None:
        function = timer(lambda: time.sleep(0.02))
        function()
        self.assertGreaterEqual(function.get_last_time(), 0.02)


class RetryTest(unittest.TestCase):
    def setUp(self) -> None:
        self.target = mock.Mock(__name__="target", __qualname__="target")

    def test_second_attempt(self) -> None:
        self.target.side_effect = [ValueError(), 42]
        self.assertEqual(retry(delay=0)(self.target)(1, a=2), 42)
        self.assertEqual(self.target.mock_calls, [mock.call(1, a=2)] * 2)

    def test_all_attempts_fail(self) -> None:
        self.target.side_effect = ValueError("no")
        with mock.patch("time.sleep") as sleep, self.assertRaises(RetryError):
            retry()(self.target)()
        self.assertEqual(sleep.mock_calls, [mock.call(1)] * 2)


class MemoizeTest(unittest.TestCase):
    def test_results_are_kept(self) -> None:
        target = mock.Mock(side_effect=[1, 2, 3])
        function = memoize(target)
        self.assertEqual([function(1), function(1), function(2), function([])], [1, 1, 2, 3])


class ValidateTypesTest(unittest.TestCase):
    def test_arguments(self) -> None:
        @validate_types
        def join(words: list[str], separator: str = ", ") -> str:
            return separator.join(words)

        self.assertEqual(join(["a", "b"]), "a, b")
        with self.assertRaises(ArgumentError):
            join(["a"], separator=1)
        with self.assertRaises(ArgumentError):
            join([1])


class RateLimitTest(unittest.TestCase):
    def test_third_call_waits(self) -> None:
        function = rate_limit(calls=2, period=0.1)(time.monotonic)
        first, _, third = function(), function(), function()
        self.assertGreaterEqual(third - first, 0.09)


if __name__ == "__main__":
    unittest.main()
