"""All five decorators in action."""

import asyncio
import logging

from decorators import memoize, rate_limit, retry, timer, validate_types

logging.basicConfig(level=logging.INFO, format="%(message)s")


@timer
def count(n: int) -> int:
    return sum(range(n))


@timer()
async def nap() -> str:
    await asyncio.sleep(0.05)
    return "awake"


failures = iter([TimeoutError("slow"), None])


@retry(max_attempts=2, delay=0.05)
def fetch() -> str:
    problem = next(failures)
    if problem:
        raise problem
    return "fetched"


@memoize
def fibonacci(n: int) -> int:
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


@validate_types
def initials(names: list[str]) -> str:
    return "".join(name[0] for name in names)


@rate_limit(calls=3, period=0.2)
def tick(n: int) -> None:
    print("tick", n)


def main() -> None:
    print("timer:", count(1000))
    print("timer async:", asyncio.run(nap()))
    print("retry:", fetch())
    print("memoize:", fibonacci(80))
    print("validate_types:", initials(["Ada", "Bo"]))
    try:
        initials(["Ada", 3])  # type: ignore[list-item]
    except TypeError as error:
        print("validate_types:", error)
    for n in range(4):
        tick(n)


if __name__ == "__main__":
    main()
