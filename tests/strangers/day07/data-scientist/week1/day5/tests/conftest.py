import sys
from pathlib import Path
from unittest.mock import create_autospec

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from banking import AccountManager, CheckingAccount, SavingsAccount
from rates import ExchangeRates

TABLE = {("EUR", "USD"): 1.25, ("USD", "EUR"): 0.8, ("EUR", "JPY"): 0.004}


@pytest.fixture
def rates():
    """ExchangeRates without the internet."""
    fake = create_autospec(ExchangeRates, instance=True)
    fake.rate.side_effect = lambda a, b: 1.0 if a == b else TABLE[a, b]
    return fake


@pytest.fixture
def ann():
    return CheckingAccount("DE1", "ann", cents=100_00, overdraft=50_00)


@pytest.fixture
def ann_savings():
    return SavingsAccount("DE2", "ann", cents=200_00, rate=0.1)


@pytest.fixture
def bob():
    return CheckingAccount("US1", "bob", "USD", cents=10_00)


@pytest.fixture
def bank(rates, ann, ann_savings, bob):
    manager = AccountManager(rates)
    for account in (ann, ann_savings, bob):
        manager.add(account)
    return manager
