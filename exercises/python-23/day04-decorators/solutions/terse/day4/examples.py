"""What main.py shows."""


def show_timer(timer):
    return timer(sum)(range(100_000))


def show_retry(retry):
    numbers = iter([0, 0, 5])
    return retry(delay=0.01)(lambda: 10 / next(numbers))()


def show_memoize(memoize):
    calls = []
    remembered = memoize(lambda n: calls.append(n) or n * n)
    return [remembered(n) for n in (3, 3, 4)], calls


def show_validate_types(validate_types):
    def half(n: int) -> float:
        return n / 2

    try:
        return validate_types(half)("3")
    except AssertionError as error:
        return f"refused: {error}"


def show_rate_limit(rate_limit):
    limited = rate_limit(calls=2, period=60)(lambda: "ran")
    return [limited() for _ in range(4)]
