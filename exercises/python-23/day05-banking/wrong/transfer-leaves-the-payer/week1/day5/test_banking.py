from __future__ import annotations

import pytest
from banking import (
    Account,
    AccountManager,
    AccountRef,
    CheckingAccount,
    Flat,
    InsufficientFunds,
    SavingsAccount,
)

REF = AccountRef("r1")


def test_everything_about_savings() -> None:
    account = SavingsAccount(ref=REF, holder_name="Kim", funds=10, policy=Flat(0.5))
    assert account.deposit(5) == 15
    assert account.withdraw(5) == 5
    assert account.balance == 10
    with pytest.raises(InsufficientFunds) as info:
        account.withdraw(12)
    assert info.value.missing == 2
    for wrong in (0, -2):
        with pytest.raises(ValueError):
            account.deposit(wrong)
        with pytest.raises(ValueError):
            account.withdraw(wrong)
    account.credit_interest()
    assert account.balance == 15
    assert account.statement() == "in 5.00\nout 5.00\nin 5.00"
    assert str(account) == "[r1] Kim has 15.00"
    assert eval(repr(account)) == account
    assert account != "r1"
    with pytest.raises(AttributeError):
        account.balance = 1  # type: ignore[misc]


def test_everything_about_checking_and_managers() -> None:
    manager = AccountManager()
    one = CheckingAccount.from_mapping({"ref": "a", "holder": "Kim"})
    two = CheckingAccount.from_mapping({"ref": "b", "holder": "Lou"})
    assert isinstance(one, Account)
    manager.enrol(one)
    manager.enrol(two)
    manager.wire(one, two, 50)
    assert two.balance == 50
    with pytest.raises(InsufficientFunds):
        manager.wire(one, two, 51)
    assert manager.whose(AccountRef("a")) is one
    manager.forget(AccountRef("a"))
    assert manager.whose(AccountRef("a")) is None
    assert len(manager) == 1
