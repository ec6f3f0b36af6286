"""Several components together."""

from __future__ import annotations

from typing import Any

import pytest
from banking import AccountManager, CheckingAccount, SavingsAccount


def test_accounts_are_found(manager: AccountManager, ann: SavingsAccount, bob: CheckingAccount) -> None:
    assert list(manager) == [ann, bob]
    assert manager[1001] is ann
    assert manager[1002] is bob
    assert ann in manager
    assert SavingsAccount(owner="Zoe") not in manager


def test_accounts_come_and_go(manager: AccountManager, ann: SavingsAccount) -> None:
    zoe, max_ = SavingsAccount(owner="Zoe"), CheckingAccount(owner="Max")
    manager.add(zoe, max_)
    assert len(manager) == 4
    del manager[ann.number]
    assert [account.owner for account in manager] == ["Bob", "Zoe", "Max"]
    with pytest.raises(KeyError):
        manager[ann.number]


def test_total(manager: AccountManager, ann: SavingsAccount, euro: Any) -> None:
    assert manager.total == 120
    ann.withdraw(euro("0.50"))
    assert manager.total == euro("119.50")
    assert AccountManager().total == 0


def test_transfer(manager: AccountManager, ann: SavingsAccount, bob: CheckingAccount, euro: Any) -> None:
    manager.transfer(euro("60"), source=ann, target=bob)
    assert (ann.balance, bob.balance, manager.total) == (40, 80, 120)
    assert ann.history[0].amount == -60
    assert bob.history[0].amount == 60


def test_a_refused_transfer_changes_nothing(
    manager: AccountManager, ann: SavingsAccount, bob: CheckingAccount, euro: Any
) -> None:
    with pytest.raises(ValueError, match="cannot withdraw"):
        manager.transfer(euro("50.01"), source=bob, target=ann)
    assert (ann.balance, bob.balance) == (100, 20)
    assert ann.history == bob.history == []
