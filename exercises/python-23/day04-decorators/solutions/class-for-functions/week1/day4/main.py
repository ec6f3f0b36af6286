import random
import time

from decorators import *  # noqa: F403


@timer  # noqa: F405
def slow_function():
    time.sleep(0.2)
    return "done"


@retry(max_attempts=5, delay=0.1)  # noqa: F405
def unstable():
    if random.random() < 0.1:
        raise ValueError("Random failure!")
    return "Success!"


@memoize  # noqa: F405
def fib(n):
    if n <= 1:
        return n
    return fib(n - 1) + fib(n - 2)


@validate_types  # noqa: F405
def add(a: int, b: int) -> int:
    return a + b


@rate_limit(calls=3, period=0.5)  # noqa: F405
def api_call(n):
    print(f"API call {n}")


if __name__ == "__main__":
    print("=== timer ===")
    slow_function()
    print("=== retry ===")
    print(unstable())
    print("=== memoize ===")
    print(fib(30))
    print("=== validate_types ===")
    print(add(1, 2))
    try:
        add("1", 2)
    except TypeError as e:
        print(e)
    print("=== rate_limit ===")
    for i in range(5):
        api_call(i)
