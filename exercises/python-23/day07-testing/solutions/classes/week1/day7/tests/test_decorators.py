"""The decorators of day 4: one class of tests for each, in the manner of unittest, with pytest's means."""

import time
import unittest
from typing import Any, Literal, Optional
from unittest import mock

import pytest
from decorators import RateLimitExceeded, memoize, rate_limit, retry, timer, validate_types


@pytest.fixture
def service() -> mock.Mock:
    """Something outside that may fail."""
    service = mock.Mock(name="service", return_value="answer")
    service.__name__ = "service"
    return service


class TestTimer:
    @pytest.fixture(autouse=True)
    def setUp(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def test_returns_what_the_function_returns(self, service: mock.Mock) -> None:
        assert timer(service)(1, two=2) == "answer"
        service.assert_called_once_with(1, two=2)

    def test_prints_how_long_it_took(self, service: mock.Mock) -> None:
        with mock.patch("decorators.time.perf_counter", side_effect=[10.0, 12.5]):
            timer(service)()
        assert self.capsys.readouterr().out == "service took 2.5000s\n"

    def test_prints_it_for_failures_too(self, service: mock.Mock) -> None:
        service.side_effect = OSError("down")
        with pytest.raises(OSError, match="down"):
            timer(service)()
        assert "service took" in self.capsys.readouterr().out


class TestRetry:
    @pytest.mark.parametrize("failures", [0, 1, 2])
    def test_goes_on_until_it_works(self, service: mock.Mock, failures: int) -> None:
        service.side_effect = [OSError("down")] * failures + ["answer"]
        assert retry(max_attempts=3, delay=0)(service)("x") == "answer"
        assert service.call_args_list == [mock.call("x")] * (failures + 1)

    @pytest.mark.parametrize("attempts", [1, 2, 5])
    def test_gives_up(self, service: mock.Mock, attempts: int) -> None:
        errors = [OSError(f"down {number}") for number in range(attempts)]
        service.side_effect = [*errors, "too late"]
        with pytest.raises(OSError) as caught:
            retry(max_attempts=attempts, delay=0)(service)()
        assert caught.value is errors[-1]
        assert service.call_count == attempts

    def test_three_times_with_a_second_between(self, service: mock.Mock) -> None:
        service.side_effect = OSError("down")
        started = time.monotonic()
        with pytest.raises(OSError, match="down"):
            retry()(service)()
        elapsed = time.monotonic() - started
        assert service.call_count == 3
        assert 2 <= elapsed < 2.9

    def test_waits_as_long_as_it_is_told(self, service: mock.Mock) -> None:
        service.side_effect = [OSError("down"), "answer"]
        with mock.patch("decorators.time.sleep") as sleep:
            retry(max_attempts=2, delay=0.25)(service)()
        sleep.assert_called_once_with(0.25)

    def test_no_attempt_is_an_error(self, service: mock.Mock) -> None:
        with pytest.raises(ValueError, match="at least 1"):
            retry(max_attempts=0)(service)()
        service.assert_not_called()


class TestMemoize:
    def test_asks_once_for_the_same(self, service: mock.Mock) -> None:
        remembered = memoize(service)
        assert [remembered(1), remembered(1)] == ["answer", "answer"]
        service.assert_called_once_with(1)

    @pytest.mark.parametrize(
        ("first", "second"),
        [(((1,), {}), ((2,), {})), (((1, 2), {}), ((2, 1), {})), (((1,), {"a": 1}), ((1,), {"a": 2}))],
    )
    def test_asks_again_for_others(self, service: mock.Mock, first: Any, second: Any) -> None:
        service.side_effect = ["one", "two"]
        remembered = memoize(service)
        assert remembered(*first[0], **first[1]) == "one"
        assert remembered(*second[0], **second[1]) == "two"
        assert remembered(*first[0], **first[1]) == "one"

    def test_order_of_keywords_does_not_matter(self, service: mock.Mock) -> None:
        remembered = memoize(service)
        remembered(a=1, b=2)
        remembered(b=2, a=1)
        assert service.call_count == 1

    def test_remembers_none(self, service: mock.Mock) -> None:
        service.return_value = None
        remembered = memoize(service)
        remembered()
        remembered()
        assert service.call_count == 1


class TestValidateTypes(unittest.TestCase):
    """This one is a real TestCase: pytest runs it all the same."""

    def setUp(self) -> None:
        @validate_types
        def describe(
            name: str, size: int | float, tags: list[str], note: Optional[str] = None, extra: Any = 0, *more: int
        ) -> tuple[Any, ...]:
            return name, size, tags, note, extra, more

        self.describe = describe

    def test_what_fits_is_handed_on(self) -> None:
        for args in [("a", 1, []), ("a", 1.5, ["x"], "n"), ("a", 1, [], None, object(), 1, 2)]:
            with self.subTest(args=args):
                self.assertEqual(self.describe(*args)[: min(len(args), 5)], args[:5])

    def test_what_does_not_fit_is_refused(self) -> None:
        for name, args in [
            ("name", (1, 1, [])),
            ("size", ("a", "1", [])),
            ("tags", ("a", 1, ("x",))),
            ("note", ("a", 1, [], 5)),
        ]:
            with self.subTest(name=name), self.assertRaisesRegex(TypeError, f"^{name} should be"):
                self.describe(*args)

    def test_keywords_are_looked_at(self) -> None:
        with self.assertRaises(TypeError):
            self.describe("a", size=None, tags=[])
        self.assertEqual(self.describe("a", tags=[], size=2), ("a", 2, [], None, 0, ()))

    def test_a_hint_that_is_no_class_lets_everything_pass(self) -> None:
        @validate_types
        def shout(text: Literal["a"]) -> str:
            return text + "!"

        self.assertEqual(shout("b"), "b!")  # type: ignore[arg-type]

    def test_none_as_a_hint(self) -> None:
        @validate_types
        def nothing(value: None) -> str:
            return "nothing"

        self.assertEqual(nothing(None), "nothing")
        with self.assertRaises(TypeError):
            nothing(0)


class TestRateLimit:
    def test_so_many_calls_and_no_more(self, service: mock.Mock) -> None:
        limited = rate_limit(calls=2, period=60)(service)
        assert [limited(1), limited(2)] == ["answer", "answer"]
        with pytest.raises(RateLimitExceeded, match="more than 2 calls in 60 s"):
            limited(3)
        assert service.call_args_list == [mock.call(1), mock.call(2)]

    def test_five_in_a_second_are_the_default(self, service: mock.Mock) -> None:
        limited = rate_limit()(service)
        with mock.patch("decorators.time.monotonic", side_effect=[0, 0, 0, 0, 0, 0.9, 1]):
            for _ in range(5):
                limited()
            with pytest.raises(RateLimitExceeded):
                limited()
            assert limited() == "answer"

    @pytest.mark.parametrize(("later", "is_allowed"), [(9.99, False), (10, True), (11, True)])
    def test_the_window_moves_on(self, service: mock.Mock, later: float, is_allowed: bool) -> None:
        limited = rate_limit(calls=2, period=10)(service)
        with mock.patch("decorators.time.monotonic", side_effect=[0, 5, later, later]):
            limited()
            limited()
            if is_allowed:
                limited()
            with pytest.raises(RateLimitExceeded):
                limited()


class TestTogether:
    def test_retry_around_a_limit_waits_until_it_is_over(self, service: mock.Mock) -> None:
        patient = retry(max_attempts=9, delay=0.1)(rate_limit(calls=1, period=0.3)(service))
        patient()
        assert patient() == "answer"
        assert service.call_count == 2

    def test_memoize_saves_from_the_limit(self, service: mock.Mock) -> None:
        saved = memoize(rate_limit(calls=1, period=60)(service))
        assert [saved("x"), saved("x"), saved("x")] == ["answer"] * 3
        with pytest.raises(RateLimitExceeded):
            saved("y")

    @pytest.mark.parametrize("decorate", [timer, retry(), memoize, validate_types, rate_limit()])
    def test_all_keep_the_name(self, decorate: Any) -> None:
        @decorate
        def documented() -> None:
            """Says what it does."""

        assert (documented.__name__, documented.__doc__) == ("documented", "Says what it does.")
