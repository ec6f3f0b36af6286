from decorators import RetriesExhausted, memoize, rate_limit, retry, timer, validate_types


@timer
def count(n: int) -> int:
    return sum(range(n))


@retry(max_attempts=2, delay=0.05)
def never() -> None:
    raise OSError("no")


@memoize
def fib(n: int) -> int:
    return n if n < 2 else fib(n - 1) + fib(n - 2)


@validate_types
def half(n: int) -> float:
    return n / 2


@rate_limit(calls=1, period=5)
def once() -> str:
    return "once"


def main() -> None:
    print(count(1000), count.durations)
    try:
        never()
    except RetriesExhausted as error:
        print(error)
    print(fib(50), len(fib))
    try:
        half("4")
    except AssertionError as error:
        print(error)
    print(once())
    try:
        once()
    except RuntimeError as error:
        print(error)


if __name__ == "__main__":
    main()
