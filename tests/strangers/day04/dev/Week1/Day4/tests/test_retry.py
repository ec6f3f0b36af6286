import pytest
from decorators import retry
from errors import RetryError


def make(failures, attempts):
    log = []

    @retry(attempts, 0.01)
    def work(word):
        log.append(word)
        if len(log) <= failures:
            raise ValueError("bad luck")
        return word

    return work, log


@pytest.mark.parametrize("failures", [0, 1, 2])
def test_recovers(failures):
    work, log = make(failures, 3)
    assert work("hi") == "hi"
    assert len(log) == failures + 1


def test_gives_up_and_keeps_the_cause():
    work, log = make(5, 3)
    with pytest.raises(RetryError) as info:
        work("hi")
    assert isinstance(info.value.__cause__, ValueError)
    assert len(log) == 3
