"""Decorators out of closures."""

import contextlib
import inspect
import itertools
import time
import typing
from functools import partial, wraps


def timer(func=None, *, clock=time.perf_counter_ns):
    """Keep the duration of the last call, in seconds, as `func.elapsed`."""
    if func is None:
        return partial(timer, clock=clock)

    @wraps(func)
    def timed(*args, **kwargs):
        start = clock()
        result = func(*args, **kwargs)
        timed.elapsed = (clock() - start) / 1e9
        return result

    timed.elapsed = None
    return timed


def retry(func=None, *, max_attempts=3, delay=1, backoff=2, exceptions=(Exception,)):
    """Try again after `delay` seconds, then after `delay * backoff` and so on. `@retry` and `@retry()` both work."""
    if func is None:
        return partial(retry, max_attempts=max_attempts, delay=delay, backoff=backoff, exceptions=exceptions)

    @wraps(func)
    def persistent(*args, **kwargs):
        pauses = itertools.islice((delay * backoff**n for n in itertools.count()), max_attempts - 1)
        for pause in pauses:
            with contextlib.suppress(*exceptions):
                return func(*args, **kwargs)
            time.sleep(pause)
        return func(*args, **kwargs)

    return persistent


def memoize(func):
    """`f(1)` and `f(a=1)` are the same call."""
    results = {}
    signature = inspect.signature(func)

    @wraps(func)
    def remembering(*args, **kwargs):
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        key = bound.args, tuple(sorted(bound.kwargs.items()))
        return results[key] if key in results else results.setdefault(key, func(*args, **kwargs))

    remembering.cache = results
    return remembering


def _fits(value, hint):
    """Whether a value fits a hint; what cannot be checked, fits."""
    options = typing.get_args(hint) if not isinstance(typing.get_origin(hint), type) else ()
    if options:
        return any(_fits(value, option) for option in options)
    try:
        return isinstance(value, hint)
    except TypeError:
        return True


def validate_types(func):
    """Raise TypeError for what does not fit."""
    parameters = inspect.signature(func)

    @wraps(func)
    def strict(*args, **kwargs):
        given = parameters.bind(*args, **kwargs).arguments
        hints = {name: hint for name, hint in inspect.get_annotations(func).items() if name in given}
        if wrong := [name for name, hint in hints.items() if not _fits(given[name], hint)]:
            raise TypeError(f"wrong type for {', '.join(wrong)}")
        return func(*args, **kwargs)

    return strict


def rate_limit(calls=5, period=1):
    """Keep calls `period / calls` seconds apart."""
    interval = period / calls

    def decorator(func):
        following = float("-inf")

        @wraps(func)
        def patient(*args, **kwargs):
            nonlocal following
            while (now := time.monotonic()) < following:
                time.sleep(following - now)
            following = now + interval
            return func(*args, **kwargs)

        return patient

    return decorator
