"""Units: one class at a time."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from unittest.mock import Mock, call

import pytest
from banking import ZERO, Account, CheckingAccount, Entry, SavingsAccount

CASES = pytest.mark.parametrize


def test_numbers_follow_each_other(ann: SavingsAccount, bob: CheckingAccount) -> None:
    assert [ann.number, bob.number] == [1001, 1002]


def test_only_kinds_of_accounts_can_be_opened() -> None:
    with pytest.raises(NotImplementedError):
        Account(owner="Ann")


def test_an_account_is_empty_at_first() -> None:
    account = SavingsAccount(owner="Ann")
    assert account.balance == ZERO
    assert account.history == []
    assert account.rate == Decimal("0.01")


@CASES("text", ["0.01", "1", "999.99"])
def test_deposit(ann: SavingsAccount, euro: Any, text: str) -> None:
    assert ann.deposit(euro(text)) is ann
    assert ann.balance == 100 + euro(text)
    assert ann.history == [Entry(euro(text), 100 + euro(text))]


def test_the_newest_entry_comes_first(ann: SavingsAccount, euro: Any) -> None:
    ann.deposit(euro("5")).withdraw(euro("2"))
    assert ann.history == [(Decimal(-2), Decimal(103)), (Decimal(5), Decimal(105))]


@CASES("method", ["deposit", "withdraw"])
@CASES(("amount", "error"), [(Decimal(0), ValueError), (Decimal(-1), ValueError), (1, TypeError), (0.5, TypeError)])
def test_refused(ann: SavingsAccount, method: str, amount: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        getattr(ann, method)(amount)
    assert ann.balance == 100
    assert ann.history == []


@CASES(("name", "most"), [("ann", "100"), ("bob", "50")])
def test_as_far_as_the_floor(request: pytest.FixtureRequest, euro: Any, name: str, most: str) -> None:
    account = request.getfixturevalue(name)
    with pytest.raises(ValueError, match="cannot withdraw"):
        account.withdraw(euro(most) + euro("0.01"))
    account.withdraw(euro(most))
    assert account.balance == account.floor
    assert len(account.history) == 1


def test_floors(ann: SavingsAccount, bob: CheckingAccount) -> None:
    assert (ann.floor, bob.floor, CheckingAccount(owner="Zoe").floor) == (0, -30, 0)


@CASES(("rate", "after"), [("0.01", "101"), ("0.5", "150")])
def test_interest(euro: Any, rate: str, after: str) -> None:
    account = SavingsAccount(owner="Ann", opening=euro("100"), rate=Decimal(rate))
    account.accrue()
    assert account.balance == euro(after)


def test_interest_is_a_deposit(ann: SavingsAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    deposit = Mock()
    monkeypatch.setattr(SavingsAccount, "deposit", deposit)
    ann.accrue()
    assert deposit.mock_calls == [call(Decimal(1))]


def test_text(ann: SavingsAccount) -> None:
    assert str(ann) == "Ann: 100"


def test_equality_is_a_matter_of_numbers(ann: SavingsAccount, bob: CheckingAccount) -> None:
    other = SavingsAccount(owner="Ann")
    other.number = ann.number
    assert ann == other
    assert hash(ann) == hash(other)
    assert ann != bob
    assert ann != 1001
