"""Decorators; each of them may be written with or without parentheses."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, partial, wraps
from inspect import signature
from typing import Any, NamedTuple, ParamSpec, TypeVar, get_type_hints

P = ParamSpec("P")
R = TypeVar("R")


class Timing(NamedTuple):
    name: str
    seconds: float

    def __str__(self) -> str:
        return f"{self.name} ran for {self.seconds:.6f} seconds"


def timer(func: Any = None, /, *, report: Callable[[Timing], Any] = print) -> Any:
    if func is None:
        return partial(timer, report=report)

    @wraps(func)
    def timed(*args: Any, **kwargs: Any) -> Any:
        begin = time.perf_counter()
        try:
            return func(*args, **kwargs)
        finally:
            report(Timing(func.__name__, time.perf_counter() - begin))

    return timed


def retry(func: Any = None, /, *, max_attempts: int = 3, delay: float = 1) -> Any:
    if func is None:
        return partial(retry, max_attempts=max_attempts, delay=delay)

    @wraps(func)
    def patient(*args: Any, **kwargs: Any) -> Any:
        problems: list[Exception] = []
        while len(problems) < max_attempts:
            if problems:
                time.sleep(delay)
            try:
                return func(*args, **kwargs)
            except Exception as problem:
                problems.append(problem)
        raise problems[-1]

    return patient


def memoize(func: Callable[P, R]) -> Callable[P, R]:
    """An unbounded cache; 1 and 1.0 are kept apart."""
    return wraps(func)(lru_cache(maxsize=None, typed=True)(func))  # type: ignore[arg-type, return-value]


def validate_types(func: Callable[P, R]) -> Callable[P, R]:
    accepts = signature(func)

    @wraps(func)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        hints = get_type_hints(func)
        bound = accepts.bind(*args, **kwargs)
        for name, value in bound.arguments.items():
            hint = hints.get(name, object)
            try:
                fits = isinstance(value, hint)
            except TypeError:  # a generic such as list[int]
                continue
            if not fits:
                raise TypeError(f"{func.__name__}({name}={value!r}) is not {hint}")
        return func(*args, **kwargs)

    return checked


@dataclass
class _Window:
    calls: int
    period: float
    stamps: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self) -> None:
        with self.lock:
            if len(self.stamps) == self.calls:
                pause = self.stamps.pop(0) + self.period - time.monotonic()
                if pause > 0:
                    time.sleep(pause)
            self.stamps.append(time.monotonic())


def rate_limit(func: Any = None, /, *, calls: int = 5, period: float = 1) -> Any:
    if func is None:
        return partial(rate_limit, calls=calls, period=period)
    window = _Window(calls, period)

    @wraps(func)
    def calm(*args: Any, **kwargs: Any) -> Any:
        window.wait()
        return func(*args, **kwargs)

    return calm
