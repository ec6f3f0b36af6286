"""Shows the decorators in action."""

import time

from decorators import RateLimitExceeded, memoize, rate_limit, retry, timer, validate_types


@timer
def slow_sum(n: int) -> int:
    time.sleep(0.05)
    return sum(range(n))


attempts = 0


@retry(max_attempts=3, delay=0.05)
def flaky() -> str:
    global attempts
    attempts += 1
    if attempts < 3:
        raise ConnectionError("not yet")
    return f"worked at attempt {attempts}"


@memoize
def fibonacci(n: int) -> int:
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


@validate_types
def greet(name: str, times: int = 1) -> str:
    return f"Hello, {name}! " * times


@rate_limit(calls=2, period=1)
def ping() -> str:
    return "pong"


def main() -> None:
    print("sum:", slow_sum(1000))
    print("retry:", flaky())
    print("fibonacci(50):", fibonacci(50))
    print(greet("Ada", times=2))
    try:
        greet(42)  # type: ignore[arg-type]
    except TypeError as error:
        print("refused:", error)
    for _ in range(3):
        try:
            print(ping())
        except RateLimitExceeded as error:
            print("limited:", error)


if __name__ == "__main__":
    main()
