"""The quick tests of day 5; the thorough ones are in week1/day7."""

from decimal import Decimal

import pytest
from banking import (
    AccountManager,
    CheckingAccount,
    InsufficientFundsError,
    SavingsAccount,
)


def test_deposit_and_withdraw() -> None:
    account = SavingsAccount("S1", "Ann", 10)
    account.deposit(5)
    account.withdraw("2.50")
    assert account.balance == Decimal("12.50")


def test_overdraft() -> None:
    account = CheckingAccount("C1", "Ann", 0, overdraft=50)
    account.withdraw(50)
    with pytest.raises(InsufficientFundsError):
        account.withdraw("0.01")


def test_manager() -> None:
    manager = AccountManager()
    a = manager.open_checking("Ann", 10)
    b = manager.open_savings("Ann")
    manager.transfer(a.number, b.number, 4)
    assert (a.balance, b.balance) == (6, 4)
