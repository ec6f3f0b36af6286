from decorators import memoize, rate_limit, retry, timer, validate_types


@timer
def slow_sum(n):
    return sum(range(n))


attempts = 0


@retry(max_attempts=3, delay=0.1)
def flaky():
    global attempts
    attempts += 1
    if attempts < 3:
        raise ConnectionError("try again")
    return "worked after 3 attempts"


@memoize
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


@validate_types
def greet(name: str) -> str:
    return f"Hello, {name}"


@rate_limit(calls=2, period=0.5)
def ping():
    return "pong"


def main():
    print("timer:", slow_sum(100_000))
    print("retry:", flaky())
    print("memoize:", fib(60))
    print("validate_types:", greet("Ana"))
    try:
        greet(42)
    except TypeError as error:
        print("validate_types refused:", error)
    for i in range(3):
        print("rate_limit:", i, ping())


if __name__ == "__main__":
    main()
