import pytest

from config_validator import MissingFieldError, validate


def test_valid() -> None:
    assert validate({"port": 1}, {"port": int}) is None


def test_missing() -> None:
    with pytest.raises(MissingFieldError):
        validate({}, {"port": int})
