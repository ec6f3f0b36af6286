"""Decorators as classes: each one wraps a function and is called in its place."""

from __future__ import annotations

import functools
import inspect
import logging
import threading
import time
import typing
from typing import Any, Callable, Dict, List, Optional

logger = logging.getLogger(__name__)


class RetryError(Exception):
    """All attempts failed."""

    def __init__(self, attempts: int, last_error: Exception) -> None:
        super().__init__("gave up after %d attempts" % attempts)
        self.attempts = attempts
        self.last_error = last_error


class ArgumentError(ValueError):
    """An argument has the wrong type."""


class AbstractDecorator:
    """Base class: keeps the function and its description, and works on methods."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        functools.update_wrapper(self, function)

    def __get__(self, instance: Any, owner: Optional[type] = None) -> Any:
        if instance is None:
            return self
        return functools.partial(self.__call__, instance)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._function(*args, **kwargs)


class Timer(AbstractDecorator):
    """Measures the time of each call and logs it."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        self._times: List[float] = []

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        started = time.monotonic()
        try:
            return super().__call__(*args, **kwargs)
        finally:
            self._times.append(time.monotonic() - started)
            logger.debug("call %d of %s is over", len(self._times), self._function.__qualname__)

    def get_last_time(self) -> float:
        return self._times[-1]

    def get_total_time(self) -> float:
        return sum(self._times)


class Retrier(AbstractDecorator):
    """Calls the function again after an exception."""

    def __init__(self, function: Callable[..., Any], max_attempts: int, delay: float) -> None:
        super().__init__(function)
        self._max_attempts = max_attempts
        self._delay = delay

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        attempt = 0
        while True:
            attempt += 1
            try:
                return super().__call__(*args, **kwargs)
            except Exception as error:
                logger.warning("attempt %d failed: %s", attempt, error)
                if attempt >= self._max_attempts:
                    raise RetryError(attempt, error) from error
            time.sleep(self._delay)


class Memoizer(AbstractDecorator):
    """Keeps results."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        self._cache: Dict[Any, Any] = {}

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        key = (args, frozenset(kwargs.items()))
        try:
            if key in self._cache:
                return self._cache[key]
        except TypeError:
            return super().__call__(*args, **kwargs)
        result = super().__call__(*args, **kwargs)
        self._cache[key] = result
        return result


class TypeValidator(AbstractDecorator):
    """Compares arguments and result with the type hints."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        self._signature = inspect.signature(function)
        self._hints = typing.get_type_hints(function)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        bound = self._signature.bind(*args, **kwargs)
        bound.apply_defaults()
        for name, argument in bound.arguments.items():
            self._check(name, argument)
        result = super().__call__(*args, **kwargs)
        self._check("return", result)
        return result

    def _check(self, name: str, value: Any) -> None:
        if name not in self._hints:
            return
        if not self._is_instance(value, self._hints[name]):
            raise ArgumentError("%s: %r is not of type %s" % (name, value, self._hints[name]))

    def _is_instance(self, value: Any, hint: Any) -> bool:
        origin = typing.get_origin(hint)
        arguments = typing.get_args(hint)
        if origin is list:
            return isinstance(value, list) and all(self._is_instance(each, arguments[0]) for each in value)
        if origin is dict:
            return isinstance(value, dict) and all(
                self._is_instance(key, arguments[0]) and self._is_instance(each, arguments[1])
                for key, each in value.items()
            )
        if arguments and origin is not None and not isinstance(origin, type) or "Union" in str(origin):
            return any(self._is_instance(value, argument) for argument in arguments)
        if hint is Any:
            return True
        return isinstance(value, origin or hint)


class RateLimiter(AbstractDecorator):
    """Makes calls wait that come too soon. May be used by several threads."""

    def __init__(self, function: Callable[..., Any], calls: int, period: float) -> None:
        super().__init__(function)
        self._calls = calls
        self._period = period
        self._lock = threading.Lock()
        self._times: List[float] = []

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with self._lock:
            self._wait_for_turn()
        return super().__call__(*args, **kwargs)

    def _wait_for_turn(self) -> None:
        while True:
            now = time.monotonic()
            self._times = [each for each in self._times if now - each < self._period]
            if len(self._times) < self._calls:
                self._times.append(now)
                return
            time.sleep(self._times[1] + self._period - now)


def timer(function: Callable[..., Any]) -> Timer:
    return Timer(function)


def retry(max_attempts: int = 3, delay: float = 1) -> Callable[[Callable[..., Any]], Retrier]:
    return lambda function: Retrier(function, max_attempts, delay)


def memoize(function: Callable[..., Any]) -> Memoizer:
    return Memoizer(function)


def validate_types(function: Callable[..., Any]) -> TypeValidator:
    return TypeValidator(function)


def rate_limit(calls: int = 5, period: float = 1) -> Callable[[Callable[..., Any]], RateLimiter]:
    return lambda function: RateLimiter(function, calls, period)
