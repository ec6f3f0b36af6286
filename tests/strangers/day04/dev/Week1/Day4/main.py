from decorators import memoize, rate_limit, retry, timer, validate_types
from errors import RetryError, TooManyCalls


@timer
@validate_types
def area(width: int, height: int) -> int:
    return width * height


@retry(delay=0.01)
def broken():
    raise OSError("unplugged")


@memoize
def slow_double(x):
    print("really computing")
    return 2 * x


@rate_limit(2, 1)
def send(message):
    return f"sent {message}"


def demo(title, func, *args):
    print(f"== {title}")
    try:
        print(func(*args))
    except (TypeError, RetryError, TooManyCalls) as e:
        print(type(e).__name__, e)


if __name__ == "__main__":
    demo("timer and validate_types", area, 2, 3)
    demo("validate_types refuses", area, 2, "3")
    demo("retry", broken)
    demo("memoize", slow_double, 4)
    demo("memoize again", slow_double, 4)
    for word in ("one", "two", "three"):
        demo("rate_limit", send, word)
