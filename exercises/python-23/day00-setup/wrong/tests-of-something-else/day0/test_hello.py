"""Test of hello.py."""


def increment(number: int) -> int:
    return number + 1


def test_hello() -> None:
    greeting = "hello"
    assert "h" in greeting


def test_increment() -> None:
    assert increment(3) == 4
