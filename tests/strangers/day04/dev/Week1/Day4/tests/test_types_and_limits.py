import time

import pytest
from decorators import rate_limit, validate_types
from errors import TooManyCalls


@validate_types
def pad(text: str, width: int = 5):
    return text.ljust(width, ".")


def test_good_types():
    assert pad("ab") == "ab..."
    assert pad("ab", width=3) == "ab."


@pytest.mark.parametrize("args, kwargs", [((1,), {}), (("a", "b"), {})])
def test_bad_types(args, kwargs):
    with pytest.raises(TypeError, match="should be"):
        pad(*args, **kwargs)


def test_rate_limit():
    @rate_limit(calls=2, period=0.1)
    def go():
        return 1

    assert go() + go() == 2
    with pytest.raises(TooManyCalls):
        go()
    time.sleep(0.12)
    assert go() == 1
