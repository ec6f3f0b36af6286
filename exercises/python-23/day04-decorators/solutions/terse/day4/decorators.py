"""Five decorators, as short as can be."""

import functools
import inspect
import types
import typing
from datetime import datetime, timedelta
from time import sleep


def timer(function):
    """Makes the function return its result and the seconds that it took."""

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        start = datetime.now()
        result = function(*args, **kwargs)
        return result, (datetime.now() - start).total_seconds()

    return wrapper


def retry(max_attempts=3, delay=1):
    def decorator(function):
        @functools.wraps(function)
        def wrapper(*args, _attempt=1, **kwargs):
            try:
                return function(*args, **kwargs)
            except Exception as error:
                if _attempt == max_attempts:
                    raise RuntimeError(f"failed {max_attempts} times, last: {error}")
            sleep(delay)
            return wrapper(*args, _attempt=_attempt + 1, **kwargs)

        return wrapper

    return decorator


memoize = functools.lru_cache(maxsize=None)


def validate_types(function):
    parameters = inspect.signature(function).parameters

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        values = dict(zip(parameters, args)) | kwargs
        for name, value in values.items():
            hint = parameters[name].annotation if name in parameters else inspect.Parameter.empty
            if hint is inspect.Parameter.empty or hint is typing.Any:
                continue
            if not isinstance(hint, types.UnionType):
                hint = typing.get_origin(hint) or hint
            assert hint is typing.Union or isinstance(value, hint), f"{name} is {value!r}"
        return function(*args, **kwargs)

    return wrapper


def rate_limit(calls=5, period=1):
    """A call too many in a period of the clock is skipped, and gives None."""
    windows = {}

    def decorator(function):
        windows[function] = (None, 0)

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            window = (datetime.now() - datetime(2000, 1, 1)) // timedelta(seconds=period)
            last, count = windows[function]
            count = count + 1 if window == last else 1
            windows[function] = window, count
            if count > calls:
                print("skipped", function.__name__)
                return None
            return function(*args, **kwargs)

        return wrapper

    return decorator
