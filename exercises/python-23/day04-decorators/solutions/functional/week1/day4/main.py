from itertools import count

import decorators as d

numbers = count(1)


@d.timer
@d.memoize
def power(base, exponent):
    return base**exponent


@d.retry(max_attempts=4, delay=0.01)
def lucky():
    if (number := next(numbers)) % 4:
        raise RuntimeError(f"{number} brings no luck")
    return number


@d.validate_types
def shout(text: str) -> str:
    return text.upper()


@d.rate_limit(calls=10, period=0.5)
def tick():
    return "tick"


print(power(2, 100), power.elapsed)
print(lucky())
print(shout("hello"))
print(*(tick() for _ in range(4)))
