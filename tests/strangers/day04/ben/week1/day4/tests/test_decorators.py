import sys
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import decorators  # noqa: E402


class TimerTest(unittest.TestCase):
    def test_measures(self):
        with mock.patch("decorators.time.monotonic", side_effect=[10.0, 12.5]):

            @decorators.timer
            def work():
                return "done"

            self.assertEqual(work(), "done")
        self.assertEqual(work.elapsed, 2.5)
        self.assertEqual(work.__name__, "work")

    def test_on_a_method(self):
        class Thing:
            @decorators.timer
            def me(self):
                return self

        thing = Thing()
        self.assertIs(thing.me(), thing)


class RetryTest(unittest.TestCase):
    def test_waits_between_attempts(self):
        func = mock.Mock(side_effect=[OSError, OSError, "ok"], __name__="func")
        with mock.patch("decorators.time.sleep") as sleep:
            wrapped = decorators.retry(max_attempts=3, delay=4)(func)
            self.assertEqual(wrapped(1), "ok")
        self.assertEqual(sleep.call_args_list, [mock.call(4), mock.call(4)])

    def test_last_error_comes_out(self):
        func = mock.Mock(side_effect=OSError("disk"), __name__="func")
        with mock.patch("decorators.time.sleep"):
            with self.assertRaisesRegex(OSError, "disk"):
                decorators.retry(max_attempts=3)(func)()
        self.assertEqual(func.call_count, 3)

    def test_other_errors_are_not_retried(self):
        func = mock.Mock(side_effect=KeyError, __name__="func")
        with self.assertRaises(KeyError):
            decorators.retry(on=(OSError,))(func)()
        func.assert_called_once_with()


class MemoizeTest(unittest.TestCase):
    def test_one_call_per_arguments(self):
        seen = []

        @decorators.memoize
        def add(a, b=1):
            seen.append((a, b))
            return a + b

        self.assertEqual(add(1), 2)
        self.assertEqual(add(1, 1), 2)
        self.assertEqual(add(a=1, b=1), 2)
        self.assertEqual(add(2), 3)
        self.assertEqual(seen, [(1, 1), (2, 1)])
        self.assertEqual((add.hits, add.misses), (2, 2))


class ValidateTypesTest(unittest.TestCase):
    def test_arguments_and_result(self):
        @decorators.validate_types
        def size(items: list[int], *more: str, scale: int = 1) -> int:
            return "oops" if scale == 0 else len(items) * scale  # type: ignore

        self.assertEqual(size([1, 2], "x", scale=2), 4)
        for args, kwargs in [(("ab",), {}), (([], 1), {}), (([],), {"scale": "1"})]:
            with self.subTest(args=args, kwargs=kwargs):
                with self.assertRaises(decorators.ArgumentTypeError):
                    size(*args, **kwargs)
        with self.assertRaises(decorators.ArgumentTypeError):
            size([], scale=0)


class RateLimitTest(unittest.TestCase):
    def test_the_window_slides(self):
        clock = mock.Mock(return_value=100.0)
        with mock.patch("decorators.time.monotonic", clock):

            @decorators.rate_limit(calls=2, period=10)
            def hit():
                return True

            self.assertTrue(hit())
            clock.return_value = 105.0
            self.assertTrue(hit())
            with self.assertRaises(decorators.RateLimitExceeded) as caught:
                hit()
            self.assertEqual(caught.exception.retry_after, 5.0)
            clock.return_value = 110.1
            self.assertTrue(hit())
            with self.assertRaises(decorators.RateLimitExceeded):
                hit()


if __name__ == "__main__":
    unittest.main()
