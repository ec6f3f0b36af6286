from decorators import memoize, rate_limit, retry, timer, validate_types


def add(a: int, b: int):
    return a + b


def test_timer():
    print(timer(add)(1, 2))


def test_retry():
    retry(max_attempts=2)(add)(1, 2)


def test_memoize():
    memoize(add)(1, 2)
    assert True


def test_validate_types():
    validate_types(add)(1, 2)


def test_rate_limit():
    rate_limit()(add)(1, 2)
