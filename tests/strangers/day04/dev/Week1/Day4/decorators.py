import pickle
import sys
from datetime import datetime, timedelta
from functools import wraps
from inspect import signature
from time import perf_counter_ns, sleep

from errors import RetryError, TooManyCalls

__all__ = ["timer", "retry", "memoize", "validate_types", "rate_limit"]


def timer(fn):
    @wraps(fn)
    def inner(*a, **kw):
        t0 = perf_counter_ns()
        out = fn(*a, **kw)
        inner.elapsed = (perf_counter_ns() - t0) / 1e9
        print(f"{fn.__name__}: {inner.elapsed:.6f}s", file=sys.stderr)
        return out

    inner.elapsed = None
    return inner


def retry(max_attempts=3, delay=1):
    def outer(fn):
        @wraps(fn)
        def inner(*a, **kw):
            last = None
            for n in range(max_attempts):
                if n:
                    sleep(delay)
                try:
                    return fn(*a, **kw)
                except Exception as e:
                    last = e
            raise RetryError(f"{fn.__name__} failed {max_attempts} times") from last

        return inner

    return outer


def memoize(fn):
    store = {}

    @wraps(fn)
    def inner(*a, **kw):
        key = pickle.dumps((a, sorted(kw.items())))
        if key not in store:
            store[key] = fn(*a, **kw)
        return store[key]

    return inner


def validate_types(fn):
    sig = signature(fn)

    @wraps(fn)
    def inner(*a, **kw):
        given = sig.bind(*a, **kw).arguments
        wrong = []
        for name, value in given.items():
            kind = fn.__annotations__.get(name)
            if isinstance(kind, type) and not isinstance(value, kind):
                wrong.append(f"{name} should be {kind.__name__}")
        if wrong:
            raise TypeError("; ".join(wrong))
        return fn(*a, **kw)

    return inner


def rate_limit(calls=5, period=1):
    """Counts within a window that begins with its first call."""

    def outer(fn):
        window_start = None
        used = 0

        @wraps(fn)
        def inner(*a, **kw):
            nonlocal window_start, used
            now = datetime.now()
            if window_start is None or now - window_start >= timedelta(seconds=period):
                window_start = now
                used = 0
            if used >= calls:
                raise TooManyCalls(f"{calls} calls per {period}s")
            used += 1
            return fn(*a, **kw)

        return inner

    return outer
