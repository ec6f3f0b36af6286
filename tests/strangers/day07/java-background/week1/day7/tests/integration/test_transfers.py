from __future__ import annotations

from decimal import Decimal
from unittest.mock import MagicMock

import pytest
from banking import (
    AccountManager,
    AccountNotFoundError,
    BankingError,
    InsufficientFundsError,
    InvalidAmountError,
    TransactionType,
)

pytestmark = pytest.mark.integration


@pytest.fixture
def pair(manager: AccountManager) -> tuple[str, str]:
    return (
        manager.open_checking("Ann", 20_000, overdraft="100").number,
        manager.open_savings("Bob", 50).number,
    )


def test_money_is_moved(manager: AccountManager, pair: tuple[str, str]) -> None:
    source, target = pair
    before = manager.total()
    manager.transfer(source, target, "99.99")
    assert manager.get(source).balance == Decimal("19900.01")
    assert manager.get(target).balance == Decimal("149.99")
    assert manager.total() == before
    assert manager.get(source).history[-1].type is TransactionType.TRANSFER_OUT
    assert manager.get(target).history[-1].type is TransactionType.TRANSFER_IN


@pytest.mark.parametrize(
    ("amount", "error"), [(20_101, InsufficientFundsError), (0, InvalidAmountError), (-1, InvalidAmountError)]
)
def test_failed_transfer_changes_nothing(
    manager: AccountManager, pair: tuple[str, str], amount: int, error: type[Exception]
) -> None:
    source, target = pair
    with pytest.raises(error):
        manager.transfer(source, target, amount)
    assert manager.get(source).balance == 20_000
    assert manager.get(target).balance == 50
    assert manager.get(source).history == manager.get(target).history == []


def test_unknown_target(manager: AccountManager, pair: tuple[str, str]) -> None:
    with pytest.raises(AccountNotFoundError):
        manager.transfer(pair[0], "nobody", 1)
    assert manager.get(pair[0]).balance == 20_000


def test_same_account(manager: AccountManager, pair: tuple[str, str]) -> None:
    with pytest.raises(BankingError, match="same account"):
        manager.transfer(pair[0], pair[0], 1)


@pytest.mark.parametrize(("amount", "calls"), [("9999.99", 0), ("10000", 1), ("15000", 1)])
def test_large_transfers_are_reported(
    manager: AccountManager, audit: MagicMock, pair: tuple[str, str], amount: str, calls: int
) -> None:
    manager.transfer(*pair, amount)
    assert audit.report.call_count == calls
    if calls:
        audit.report.assert_called_once_with(f"{pair[0]} -> {pair[1]}: {Decimal(amount):.2f}")


def test_a_year_in_the_life(manager: AccountManager) -> None:
    salary = manager.open_checking("Ann", overdraft="500")
    nest_egg = manager.open_savings("Ann", interest_rate="0.10")
    for _month in range(12):
        salary.deposit(2000)
        salary.withdraw(1800)
        manager.transfer(salary.number, nest_egg.number, 200)
    assert manager.add_interest() == 240
    assert nest_egg.balance == 2640
    assert salary.balance == 0
    assert len(salary.history) == 36
    manager.close(salary.number)
    assert manager.accounts_of("Ann") == [nest_egg]
