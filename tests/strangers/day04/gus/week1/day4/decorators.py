"""Decorators as classes with state that one can look at."""

from __future__ import annotations

import functools
import inspect
import logging
import time
from collections.abc import Callable
from contextlib import ContextDecorator
from types import TracebackType
from typing import Any, get_type_hints

log = logging.getLogger("decorators")


class timer:
    """Keeps all durations in ``durations`` and prints nothing."""

    def __init__(self, function: Callable[..., Any]) -> None:
        functools.update_wrapper(self, function)
        self.function = function
        self.durations: list[float] = []

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with _Stopwatch(self.durations):
            return self.function(*args, **kwargs)


class _Stopwatch(ContextDecorator):
    def __init__(self, durations: list[float]) -> None:
        self.durations = durations

    def __enter__(self) -> None:
        self.start = time.perf_counter()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.durations.append(time.perf_counter() - self.start)


class RetriesExhausted(RuntimeError):
    pass


class retry:
    def __init__(self, max_attempts: int = 3, delay: float = 1) -> None:
        self.max_attempts, self.delay = max_attempts, delay

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            return self._attempt(1, functools.partial(function, *args, **kwargs))

        return wrapper

    def _attempt(self, number: int, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Exception as error:
            log.warning("attempt %d: %s", number, error)
            if number >= self.max_attempts:
                raise RetriesExhausted(f"after {number} attempts") from error
        time.sleep(self.delay)
        return self._attempt(number + 1, call)


class memoize(dict[Any, Any]):
    """A dictionary that fills itself."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__()
        self.function = function
        functools.update_wrapper(self, function)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self[args, tuple(sorted(kwargs.items()))]

    def __missing__(self, key: tuple[Any, Any]) -> Any:
        args, kwargs = key
        result = self[key] = self.function(*args, **dict(kwargs))
        return result


def validate_types(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        hints = get_type_hints(function)
        for name, value in inspect.getcallargs(function, *args, **kwargs).items():
            hint = hints.get(name)
            if inspect.isclass(hint) and not hasattr(hint, "__origin__"):
                assert isinstance(value, hint), f"{name}={value!r} is not {hint.__name__}"
        return function(*args, **kwargs)

    return wrapper


class rate_limit:
    """A bucket of tokens, one comes back every period / calls seconds."""

    def __init__(self, calls: int = 5, period: float = 1) -> None:
        self.calls, self.period = calls, period

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        tokens = float(self.calls)
        last = time.monotonic()

        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            nonlocal tokens, last
            now = time.monotonic()
            tokens = min(self.calls, tokens + (now - last) * self.calls / self.period)
            last = now
            if tokens < 1:
                raise RuntimeError("slow down")
            tokens -= 1
            return function(*args, **kwargs)

        return wrapper
