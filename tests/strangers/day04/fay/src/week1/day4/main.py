"""Run with ``python -m week1.day4.main`` in src."""

import sys

from week1.day4.decorators import memoize, rate_limit, retry, timer, validate_types


@timer
def add_up(n: int) -> int:
    return sum(range(n))


class Flaky:
    def __init__(self) -> None:
        self.tries = 0

    @retry(max_attempts=3, delay=0.05)
    def connect(self) -> str:
        self.tries += 1
        if self.tries < 3:
            raise ConnectionError
        return f"connected at try {self.tries}"


@memoize
def steps(n: int) -> int:
    return 1 if n < 2 else steps(n - 1) + steps(n - 2)


@validate_types
def square(n: int) -> int:
    return n * n


@rate_limit(calls=1, period=0.1)
def poll() -> str:
    return "polled"


def main() -> int:
    print("timer", add_up(10_000))
    print("retry", Flaky().connect())
    print("memoize", steps(90))
    print("validate_types", square(7))
    try:
        square("7")  # type: ignore[arg-type]
    except TypeError as error:
        print("validate_types", error)
    print("rate_limit", poll(), poll())
    return 0


if __name__ == "__main__":
    sys.exit(main())
