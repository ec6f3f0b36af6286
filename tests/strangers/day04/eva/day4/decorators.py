import time
import functools
import inspect


def timer(func):
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        start_time = time.time()
        value = func(*args, **kwargs)
        end_time = time.time()
        run_time = end_time - start_time
        print("Function", func.__name__, "finished in", round(run_time, 4), "secs")
        return value

    return wrapper


def retry(max_attempts=3, delay=1):
    def decorator_retry(func):
        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            attempts = 0
            while attempts < max_attempts:
                try:
                    return func(*args, **kwargs)
                except Exception as e:
                    attempts = attempts + 1
                    print("Attempt", attempts, "failed:", e)
                    if attempts == max_attempts:
                        print("Giving up")
                        raise e
                    time.sleep(delay)

        return wrapper

    return decorator_retry


def memoize(func):
    cache = {}

    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        key = str(args) + str(kwargs)
        if key in cache:
            return cache[key]
        else:
            result = func(*args, **kwargs)
            cache[key] = result
            return result

    return wrapper


def validate_types(func):
    names = list(inspect.signature(func).parameters)
    types = func.__annotations__

    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        for i in range(len(args)):
            if i < len(names):
                name = names[i]
                if name in types:
                    if type(types[name]) == type:  # noqa: E721
                        if not isinstance(args[i], types[name]):
                            raise TypeError(name + " has the wrong type")
        for name in kwargs:
            if name in types:
                if type(types[name]) == type:  # noqa: E721
                    if not isinstance(kwargs[name], types[name]):
                        raise TypeError(name + " has the wrong type")
        return func(*args, **kwargs)

    return wrapper


def rate_limit(calls=5, period=1):
    def decorator_rate(func):
        call_times = []

        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            now = time.time()
            new_times = []
            for t in call_times:
                if now - t < period:
                    new_times.append(t)
            call_times.clear()
            call_times.extend(new_times)
            if len(call_times) >= calls:
                print("Rate limit exceeded, please wait")
                return None
            call_times.append(now)
            return func(*args, **kwargs)

        return wrapper

    return decorator_rate
