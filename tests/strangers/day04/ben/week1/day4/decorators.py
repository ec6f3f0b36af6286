"""Decorators written as classes."""

from __future__ import annotations

import functools
import inspect
import time
import types
import typing
from collections import deque


class RateLimitExceeded(RuntimeError):
    def __init__(self, retry_after: float) -> None:
        super().__init__(f"rate limit exceeded, retry after {retry_after:.2f}s")
        self.retry_after = retry_after


class ArgumentTypeError(Exception):
    pass


class _Wrapping:
    """What the decorators have in common: they also work on methods."""

    def __init__(self, func):
        functools.update_wrapper(self, func)
        self.func = func

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        return functools.partial(self.__call__, instance)

    def __call__(self, *args, **kwargs):
        raise NotImplementedError


class timer(_Wrapping):
    def __init__(self, func):
        super().__init__(func)
        self.elapsed = None
        self.total = 0.0

    def __call__(self, *args, **kwargs):
        began = time.monotonic()
        try:
            return self.func(*args, **kwargs)
        finally:
            self.elapsed = time.monotonic() - began
            self.total += self.elapsed
            print(f"[timer] {self.func.__qualname__}: {self.elapsed * 1000:.3f} ms")


class memoize(_Wrapping):
    def __init__(self, func):
        super().__init__(func)
        self._signature = inspect.signature(func)
        self._results: dict = {}
        self.hits = self.misses = 0

    def __call__(self, *args, **kwargs):
        bound = self._signature.bind(*args, **kwargs)
        bound.apply_defaults()
        key = (bound.args, frozenset(bound.kwargs.items()))
        try:
            value = self._results[key]
        except KeyError:
            self.misses += 1
            value = self._results[key] = self.func(*args, **kwargs)
        else:
            self.hits += 1
        return value

    def cache_clear(self):
        self._results.clear()


class validate_types(_Wrapping):
    """Checks the arguments and what is returned."""

    def __init__(self, func):
        super().__init__(func)
        self._signature = inspect.signature(func)

    def __call__(self, *args, **kwargs):
        hints = typing.get_type_hints(self.func)
        bound = self._signature.bind(*args, **kwargs)
        for name, value in bound.arguments.items():
            if name in hints:
                kind = self._signature.parameters[name].kind
                if kind is inspect.Parameter.VAR_POSITIONAL:
                    values = list(value)
                elif kind is inspect.Parameter.VAR_KEYWORD:
                    values = list(value.values())
                else:
                    values = [value]
                for each in values:
                    self._check(name, each, hints[name])
        result = self.func(*args, **kwargs)
        if "return" in hints:
            self._check("return value", result, hints["return"])
        return result

    @staticmethod
    def _check(name, value, hint):
        if hint is typing.Any:
            return
        origin = typing.get_origin(hint)
        if origin is not None:
            if origin in (typing.Union, types.UnionType, typing.Literal):
                return
            hint = origin
        if not isinstance(value, hint):
            raise ArgumentTypeError(f"{name}: {value!r} is not a {hint}")


class retry:
    def __init__(self, max_attempts=3, delay=1, *, on=(Exception,)):
        if max_attempts < 1:
            raise ValueError("max_attempts must be at least 1")
        self.max_attempts = max_attempts
        self.delay = delay
        self.on = on

    def __call__(self, func):
        @functools.wraps(func)
        def attempt(*args, **kwargs):
            left = self.max_attempts
            while True:
                left -= 1
                try:
                    return func(*args, **kwargs)
                except self.on:
                    if not left:
                        raise
                time.sleep(self.delay)

        return attempt


class rate_limit:
    def __init__(self, calls=5, period=1):
        self.calls = calls
        self.period = period

    def __call__(self, func):
        recent: deque = deque()

        @functools.wraps(func)
        def limited(*args, **kwargs):
            now = time.monotonic()
            while recent and now - recent[0] > self.period:
                recent.popleft()
            if len(recent) >= self.calls:
                raise RateLimitExceeded(self.period - (now - recent[0]))
            recent.append(now)
            return func(*args, **kwargs)

        return limited
