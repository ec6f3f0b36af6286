"""A small library of decorators."""

import inspect
import time
import types
import typing
from collections import deque
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class RateLimitExceeded(RuntimeError):
    """Too many calls in too little time."""


def timer(func: Callable[P, R]) -> Callable[P, R]:
    """Print how long each call of the function took."""

    @wraps(func)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        start = time.perf_counter()
        try:
            return func(*args, **kwargs)
        finally:
            elapsed = time.perf_counter() - start
            print(f"{func.__name__} took {elapsed:.4f}s")

    return wrapper


def retry(max_attempts: int = 3, delay: float = 1) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Call the function up to `max_attempts` times until it raises no exception."""

    def decorator(func: Callable[P, R]) -> Callable[P, R]:
        @wraps(func)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            for attempt in range(1, max_attempts + 1):
                try:
                    return func(*args, **kwargs)
                except Exception:
                    if attempt == max_attempts:
                        raise
                    time.sleep(delay)
            raise ValueError("max_attempts must be at least 1")

        return wrapper

    return decorator


def memoize(func: Callable[P, R]) -> Callable[P, R]:
    """Remember the result for each set of arguments."""
    cache: dict[Hashable, R] = {}

    @wraps(func)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        key = (args, tuple(sorted(kwargs.items())))
        if key not in cache:
            cache[key] = func(*args, **kwargs)
        return cache[key]

    return wrapper


def _fits(value: Any, hint: Any) -> bool:
    if hint is Any:
        return True
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        return any(_fits(value, option) for option in typing.get_args(hint))
    if hint is None:
        return value is None
    expected = origin or hint
    return isinstance(value, expected) if isinstance(expected, type) else True


def validate_types(func: Callable[P, R]) -> Callable[P, R]:
    """Raise a TypeError for arguments that do not fit the type hints."""
    signature = inspect.signature(func)
    hints = typing.get_type_hints(func)

    @wraps(func)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        bound = signature.bind(*args, **kwargs)
        for name, value in bound.arguments.items():
            variadic = signature.parameters[name].kind in (
                inspect.Parameter.VAR_POSITIONAL,
                inspect.Parameter.VAR_KEYWORD,
            )
            if name in hints and not variadic and not _fits(value, hints[name]):
                raise TypeError(f"{name} should be {hints[name]}, not {type(value).__name__}")
        return func(*args, **kwargs)

    return wrapper


def rate_limit(calls: int = 5, period: float = 1) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Raise RateLimitExceeded for more than `calls` calls in `period` seconds."""

    def decorator(func: Callable[P, R]) -> Callable[P, R]:
        recent: deque[float] = deque()

        @wraps(func)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            now = time.monotonic()
            while recent and now - recent[0] >= period:
                recent.popleft()
            if len(recent) >= calls:
                raise RateLimitExceeded(f"{func.__name__}: more than {calls} calls in {period} s")
            recent.append(now)
            return func(*args, **kwargs)

        return wrapper

    return decorator
