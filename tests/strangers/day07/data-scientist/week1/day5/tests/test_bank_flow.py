"""Integration tests: manager + accounts (+ faked or mocked rates)."""

import io
from unittest.mock import patch

import pytest

from banking import (
    AccountManager,
    BankError,
    CheckingAccount,
    NotEnoughFunds,
    UnknownAccount,
)
from rates import ExchangeRates, RateUnavailable


def test_transfer(bank, ann, ann_savings, rates):
    assert bank.transfer("DE1", "DE2", 30_00) == 30_00
    assert (ann.balance, ann_savings.balance) == (70_00, 230_00)
    rates.rate.assert_called_once_with("EUR", "EUR")


@pytest.mark.parametrize("source,target,cents,arrives", [("DE1", "US1", 10_00, 12_50), ("US1", "DE1", 99, 79)])
def test_transfer_with_exchange(bank, source, target, cents, arrives):
    before = bank[source].balance, bank[target].balance
    assert bank.transfer(source, target, cents) == arrives
    assert bank[source].balance == before[0] - cents
    assert bank[target].balance == before[1] + arrives


@pytest.mark.parametrize("cents,error", [(150_01, NotEnoughFunds), (0, ValueError), (-5, ValueError)])
def test_transfer_fails(bank, ann, bob, cents, error):
    with pytest.raises(error):
        bank.transfer("DE1", "US1", cents)
    assert (ann.balance, bob.balance) == (100_00, 10_00)


def test_transfer_too_small(bank, ann):
    bank.add(CheckingAccount("JP1", "aiko", "JPY"))
    with pytest.raises(ValueError, match="too small"):
        bank.transfer("DE1", "JP1", 10)
    assert ann.balance == 100_00


def test_nothing_is_lost_without_rates(bank, ann, rates):
    rates.rate.side_effect = RateUnavailable
    with pytest.raises(RateUnavailable):
        bank.transfer("DE1", "US1", 1)
    assert ann.balance == 100_00


def test_unknown_and_duplicate(bank, ann):
    with pytest.raises(UnknownAccount):
        bank.transfer("DE1", "??", 1)
    with pytest.raises(KeyError):
        bank["??"]
    with pytest.raises(BankError, match="exists"):
        bank.add(ann)


def test_statistics_and_wealth(bank, ann_savings):
    bank.transfer("US1", "DE1", 5_00)
    ann_savings.pay_interest()
    assert bank.statistics() == {"deposit": 3, "transfer": 2, "interest": 1}
    assert bank.wealth("ann") == 100_00 + 4_00 + 220_00
    assert bank.wealth("bob") == 4_00
    assert bank.wealth("nobody") == 0


def test_with_the_real_rates_class():
    """Everything real but the network."""
    manager = AccountManager()
    assert isinstance(manager.rates, ExchangeRates)
    manager.add(CheckingAccount("A", "x", "EUR", 10_00))
    manager.add(CheckingAccount("B", "x", "USD"))
    with patch("rates.urlopen", return_value=io.BytesIO(b'{"rates": {"USD": 1.1}}')) as net:
        manager.transfer("A", "B", 1_00)
        manager.transfer("A", "B", 1_00)
    assert net.call_count == 1
    assert manager["B"].balance == 2_20
