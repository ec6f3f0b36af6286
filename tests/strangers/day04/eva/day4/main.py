from decorators import timer, retry, memoize, validate_types, rate_limit
import random
import time


@timer
def slow():
    time.sleep(0.2)


@retry(max_attempts=5, delay=0.1)
def sometimes():
    if random.random() < 0.5:
        raise Exception("bad luck")
    return "lucky"


@memoize
def add(a, b):
    print("adding...")
    return a + b


@validate_types
def hello(name: str):
    print("hello", name)


@rate_limit(calls=2, period=1)
def click():
    print("click")


slow()
try:
    print(sometimes())
except Exception:
    print("no luck today")
print(add(1, 2))
print(add(1, 2))
hello("Eva")
try:
    hello(5)
except TypeError as e:
    print("TypeError:", e)
click()
click()
click()
