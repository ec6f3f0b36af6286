import time

import decorators
from decorators import RateLimitExceeded


class Report:
    @decorators.timer
    def build(self):
        time.sleep(0.01)
        return "report"


@decorators.retry(max_attempts=2, delay=0.05)
def divide(a, b):
    print("dividing", a, "by", b)
    return a / b


@decorators.memoize
def cube(n):
    print("computing")
    return n**3


@decorators.validate_types
def shout(text: str) -> str:
    return text.upper()


@decorators.rate_limit(calls=2, period=1)
def knock():
    return "who is there?"


print(Report().build())
try:
    divide(1, 0)
except ZeroDivisionError:
    print("gave up")
print(cube(3), cube(3))
print(shout("hey"))
try:
    shout(5)
except decorators.ArgumentTypeError as error:
    print("refused:", error)
try:
    for _ in range(3):
        print(knock())
except RateLimitExceeded as error:
    print(error)
