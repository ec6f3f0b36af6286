from __future__ import annotations

from decimal import Decimal

import pytest
from banking import (
    AccountManager,
    AccountNotFoundError,
    BankingError,
    CheckingAccount,
    SavingsAccount,
)

pytestmark = pytest.mark.unit


def test_open(manager: AccountManager) -> None:
    savings = manager.open_savings("Ann", 10, interest_rate="0.01")
    checking = manager.open_checking("Ann", 20, overdraft="5")
    assert isinstance(savings, SavingsAccount)
    assert isinstance(checking, CheckingAccount)
    assert savings.number == "S000001"
    assert checking.number == "C000002"
    assert len(manager) == 2
    assert savings.number in manager


def test_get(manager: AccountManager) -> None:
    account = manager.open_savings("Ann")
    assert manager.get(account.number) is account


@pytest.mark.parametrize("operation", ["get", "close"])
def test_unknown_number(manager: AccountManager, operation: str) -> None:
    with pytest.raises(AccountNotFoundError):
        getattr(manager, operation)("X")


def test_close(manager: AccountManager) -> None:
    account = manager.open_checking("Ann", 5)
    with pytest.raises(BankingError, match="still has"):
        manager.close(account.number)
    account.withdraw(5)
    manager.close(account.number)
    assert len(manager) == 0


def test_accounts_of(manager: AccountManager) -> None:
    ann = [manager.open_savings("Ann"), manager.open_checking("Ann")]
    manager.open_checking("Bob")
    assert manager.accounts_of("Ann") == ann
    assert manager.accounts_of("Zoe") == []


def test_total(manager: AccountManager) -> None:
    assert manager.total() == 0
    manager.open_savings("Ann", "1.10")
    manager.open_checking("Bob", "2.20")
    assert manager.total() == Decimal("3.30")
