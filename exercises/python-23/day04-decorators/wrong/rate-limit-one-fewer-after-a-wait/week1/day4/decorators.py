import functools
import time
import types
from typing import Union, get_args, get_origin


def timer(func):
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        start_time = time.time()
        result = func(*args, **kwargs)
        end_time = time.time()
        print(f"Function {func.__name__!r} executed in {(end_time - start_time) * 1000:,.2f} ms")
        return result

    return wrapper


def retry(max_attempts=3, delay=1):
    def decorator(func):
        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            attempts = 0
            while attempts < max_attempts:
                try:
                    return func(*args, **kwargs)
                except Exception as e:
                    attempts += 1
                    print(f"Attempt {attempts} failed: {e}")
                    last_exception = e
                    if attempts < max_attempts:
                        time.sleep(delay)
            raise last_exception

        return wrapper

    return decorator


def memoize(func):
    cache = {}

    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        key = str(args) + str(kwargs)
        if key not in cache:
            cache[key] = func(*args, **kwargs)
        return cache[key]

    return wrapper


def validate_types(func):
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        # match positional arguments with their names
        names = func.__code__.co_varnames[: func.__code__.co_argcount]
        all_args = dict(zip(names, args))
        all_args.update(kwargs)
        for name, value in all_args.items():
            if name in func.__annotations__:
                expected = func.__annotations__[name]
                origin = get_origin(expected)
                if origin is Union or origin is types.UnionType:
                    expected = get_args(expected)
                elif origin is not None:
                    expected = origin
                if not isinstance(value, expected):
                    raise TypeError(f"Argument '{name}' must be {expected}, got {type(value)}")
        return func(*args, **kwargs)

    return wrapper


def rate_limit(calls=5, period=1):
    def decorator(func):
        count = 0
        start = time.time()

        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            nonlocal count, start
            elapsed = time.time() - start
            if elapsed > period:
                count = 0
                start = time.time()
            elif count >= calls:
                print("Rate limit reached, sleeping...")
                time.sleep(period - elapsed)
                count = 1
                start = time.time()
            count += 1
            return func(*args, **kwargs)

        return wrapper

    return decorator
