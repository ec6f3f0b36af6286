"""Decorators for plain and for coroutine functions."""

from __future__ import annotations

import asyncio
import functools
import inspect
import logging
import threading
import time
import types
import typing
from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

logger = logging.getLogger(__name__)


def timer(
    func: Callable[..., Any] | None = None, *, level: int = logging.INFO
) -> Callable[..., Any]:
    """Log how long each call took: ``@timer`` or ``@timer(level=...)``."""

    def decorate(f: Callable[..., Any]) -> Callable[..., Any]:
        def report(began: float) -> None:
            took = time.perf_counter() - began
            wrapper.last_elapsed = took  # type: ignore[attr-defined]
            logger.log(level, "%s took %.6f s", f.__qualname__, took)

        if inspect.iscoroutinefunction(f):

            @functools.wraps(f)
            async def wrapper(*args: Any, **kwargs: Any) -> Any:
                began = time.perf_counter()
                try:
                    return await f(*args, **kwargs)
                finally:
                    report(began)

        else:

            @functools.wraps(f)
            def wrapper(*args: Any, **kwargs: Any) -> Any:
                began = time.perf_counter()
                try:
                    return f(*args, **kwargs)
                finally:
                    report(began)

        return wrapper

    return decorate if func is None else decorate(func)


def retry(
    max_attempts: int = 3,
    delay: float = 1,
    *,
    backoff: float = 1,
    exceptions: tuple[type[BaseException], ...] = (Exception,),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Call again, at most *max_attempts* times in all."""

    def waits() -> list[float]:
        return [delay * backoff**n for n in range(max_attempts - 1)]

    def decorate(f: Callable[..., Any]) -> Callable[..., Any]:
        if inspect.iscoroutinefunction(f):

            @functools.wraps(f)
            async def wrapper(*args: Any, **kwargs: Any) -> Any:
                for wait in waits():
                    try:
                        return await f(*args, **kwargs)
                    except exceptions as error:
                        logger.warning("%s failed: %r", f.__name__, error)
                        await asyncio.sleep(wait)
                return await f(*args, **kwargs)

        else:

            @functools.wraps(f)
            def wrapper(*args: Any, **kwargs: Any) -> Any:
                for wait in waits():
                    try:
                        return f(*args, **kwargs)
                    except exceptions as error:
                        logger.warning("%s failed: %r", f.__name__, error)
                        time.sleep(wait)
                return f(*args, **kwargs)

        return wrapper

    return decorate


def memoize(func: F) -> F:
    """Cache results; arguments that cannot be hashed are not cached."""
    results: dict[Any, Any] = {}
    lock = threading.RLock()

    def look(key: Any, compute: Callable[[], Any]) -> Any:
        with lock:
            if key not in results:
                results[key] = compute()
            return results[key]

    @functools.wraps(func)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        key = (args, frozenset(kwargs.items()))
        try:
            hash(key)
        except TypeError:
            return func(*args, **kwargs)
        return look(key, lambda: func(*args, **kwargs))

    return typing.cast(F, wrapper)


def _matches(value: Any, hint: Any) -> bool:
    if hint is Any:
        return True
    if hint is None:
        return value is None
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return any(_matches(value, arg) for arg in args)
    if origin is typing.Literal:
        return value in args
    if origin in (list, set, frozenset):
        return isinstance(value, origin) and all(_matches(v, args[0]) for v in value)
    if origin is dict:
        return isinstance(value, dict) and all(
            _matches(k, args[0]) and _matches(v, args[1]) for k, v in value.items()
        )
    if origin is not None:
        return isinstance(value, origin) if isinstance(origin, type) else True
    if hint is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, hint) if isinstance(hint, type) else True


def validate_types(func: F) -> F:
    """Raise TypeError where an argument or the result breaks its hint."""
    signature = inspect.signature(func)

    @functools.wraps(func)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        hints = typing.get_type_hints(func)
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        for name, value in bound.arguments.items():
            parameter = signature.parameters[name]
            if name not in hints or (
                value is parameter.default and value is None
            ):
                continue
            if parameter.kind is parameter.VAR_POSITIONAL:
                given = value
            elif parameter.kind is parameter.VAR_KEYWORD:
                given = value.values()
            else:
                given = (value,)
            for each in given:
                if not _matches(each, hints[name]):
                    raise TypeError(
                        f"argument {name!r}: expected {hints[name]}, got {each!r}"
                    )
        result = func(*args, **kwargs)
        if "return" in hints and not _matches(result, hints["return"]):
            raise TypeError(
                f"return value: expected {hints['return']}, got {result!r}"
            )
        return result

    return typing.cast(F, wrapper)


def rate_limit(
    calls: int = 5, period: float = 1, *, clock: Callable[[], float] = time.monotonic
) -> Callable[[F], F]:
    """At most *calls* calls per *period* seconds; further calls block."""

    def decorate(func: F) -> F:
        stamps: list[float] = []
        lock = threading.Lock()

        @functools.wraps(func)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            with lock:
                while True:
                    now = clock()
                    stamps[:] = [s for s in stamps if now - s < period]
                    if len(stamps) < calls:
                        stamps.append(now)
                        break
                    time.sleep(max(0.0, period - (now - stamps[0])))
            return func(*args, **kwargs)

        return typing.cast(F, wrapper)

    return decorate
