import io
from unittest.mock import patch
from urllib.error import URLError

import pytest

from rates import ExchangeRates, RateUnavailable


@pytest.fixture
def urlopen():
    with patch("rates.urlopen") as fake:
        fake.side_effect = lambda *a, **kw: io.BytesIO(b'{"rates": {"USD": 1.25}}')
        yield fake


def test_rate(urlopen):
    assert ExchangeRates().rate("EUR", "USD") == 1.25
    urlopen.assert_called_once_with("https://rates.example.org/v1/EUR", timeout=5.0)


def test_is_cached(urlopen):
    rates = ExchangeRates()
    assert rates.rate("EUR", "USD") == rates.rate("EUR", "USD")
    assert urlopen.call_count == 1


def test_same_currency_needs_no_internet(urlopen):
    assert ExchangeRates().rate("EUR", "EUR") == 1
    urlopen.assert_not_called()


def test_unknown_target(urlopen):
    with pytest.raises(RateUnavailable, match="EUR->XXX"):
        ExchangeRates().rate("EUR", "XXX")


@pytest.mark.parametrize("answer", [b"", b"<html>", b"{}"])
def test_bad_answer(urlopen, answer):
    urlopen.side_effect = [io.BytesIO(answer)]
    with pytest.raises(RateUnavailable, match="bad answer"):
        ExchangeRates().rate("EUR", "USD")


@pytest.mark.parametrize("error", [URLError("down"), TimeoutError()])
def test_no_internet(urlopen, error):
    urlopen.side_effect = error
    with pytest.raises(RateUnavailable, match="no rates"):
        ExchangeRates().rate("EUR", "USD")


def test_works_again_after_an_error(urlopen):
    rates = ExchangeRates()
    urlopen.side_effect = [URLError("down"), io.BytesIO(b'{"rates": {"USD": 2}}')]
    with pytest.raises(RateUnavailable):
        rates.rate("EUR", "USD")
    assert rates.rate("EUR", "USD") == 2
