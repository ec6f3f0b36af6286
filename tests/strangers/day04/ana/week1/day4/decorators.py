import functools
import inspect
import time
from typing import get_type_hints


def timer(func):
    """Print how long the function took."""

    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        start = time.perf_counter()
        result = func(*args, **kwargs)
        elapsed = time.perf_counter() - start
        print(f"{func.__name__} took {elapsed:.4f} seconds")
        return result

    return wrapper


def retry(max_attempts=3, delay=1):
    """Try again when the function raises."""

    def decorator(func):
        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            for attempt in range(1, max_attempts + 1):
                try:
                    return func(*args, **kwargs)
                except Exception:
                    if attempt == max_attempts:
                        raise
                    time.sleep(delay)

        return wrapper

    return decorator


def memoize(func):
    """Remember results by arguments."""
    cache = {}

    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        key = (args, tuple(sorted(kwargs.items())))
        if key not in cache:
            cache[key] = func(*args, **kwargs)
        return cache[key]

    wrapper.cache = cache
    return wrapper


def validate_types(func):
    """Check arguments against the type hints."""
    hints = get_type_hints(func)
    signature = inspect.signature(func)

    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        bound = signature.bind(*args, **kwargs)
        for name, value in bound.arguments.items():
            expected = hints.get(name)
            if isinstance(expected, type) and not isinstance(value, expected):
                raise TypeError(
                    f"{name} must be {expected.__name__}, got {type(value).__name__}"
                )
        return func(*args, **kwargs)

    return wrapper


def rate_limit(calls=5, period=1):
    """Wait when there were too many calls within the period."""

    def decorator(func):
        times = []

        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            now = time.time()
            while times and now - times[0] >= period:
                times.pop(0)
            if len(times) >= calls:
                time.sleep(period - (now - times[0]))
                times.pop(0)
            times.append(time.time())
            return func(*args, **kwargs)

        return wrapper

    return decorator
