from datetime import date

import pytest

from banking import (
    Account,
    CheckingAccount,
    NotEnoughFunds,
    SavingsAccount,
    Transaction,
)


@pytest.mark.parametrize(
    "cls,kwargs,start,amount,ok",
    [
        (SavingsAccount, {}, 100, 100, True),
        (SavingsAccount, {}, 100, 101, False),
        (CheckingAccount, {}, 100, 100, True),
        (CheckingAccount, {}, 100, 101, False),
        (CheckingAccount, {"overdraft": 50}, 100, 150, True),
        (CheckingAccount, {"overdraft": 50}, 100, 151, False),
        (CheckingAccount, {"overdraft": 50}, 0, 50, True),
    ],
)
def test_withdraw(cls, kwargs, start, amount, ok):
    account = cls("X", "me", cents=start, **kwargs)
    if ok:
        assert account.withdraw(amount) == start - amount == account.balance
    else:
        with pytest.raises(NotEnoughFunds):
            account.withdraw(amount)
        assert account.balance == start


@pytest.mark.parametrize("method", ["deposit", "withdraw"])
@pytest.mark.parametrize(
    "amount,error",
    [(0, ValueError), (-1, ValueError), (1.5, TypeError), ("1", TypeError), (True, TypeError)],
)
def test_bad_amounts(ann, method, amount, error):
    with pytest.raises(error):
        getattr(ann, method)(amount)
    assert ann.balance == 100_00


def test_abstract():
    with pytest.raises(TypeError):
        Account("X", "me")


def test_limit_of_the_base():
    class Odd(Account):
        def limit(self):
            return super().limit()

    with pytest.raises(NotImplementedError):
        Odd("X", "me", cents=1).withdraw(1)


def test_balance_is_read_only(ann):
    with pytest.raises(AttributeError):
        ann.balance = 5


@pytest.mark.parametrize("cents,rate,interest", [(100_00, 0.01, 100), (149, 0.01, 1), (0, 0.5, 0), (10, 0.01, 0)])
def test_interest(cents, rate, interest):
    account = SavingsAccount("X", "me", cents=cents, rate=rate)
    assert account.pay_interest() == interest
    assert account.balance == cents + interest


def test_history():
    account = CheckingAccount("X", "me", cents=5)
    account.withdraw(2)
    assert [(t.kind, t.cents) for t in account.transactions] == [("deposit", 5), ("withdrawal", -2)]
    assert Transaction("x", 1, date(2026, 1, 7)) == Transaction("x", 1, date(2026, 1, 7))
    assert account.transactions[1].when == date.today()


@pytest.mark.parametrize("cents,shown", [(123456, "1234.56"), (5, "0.05"), (-105, "-1.05"), (-5, "-0.05")])
def test_str(cents, shown):
    account = CheckingAccount("X", "me", "USD", overdraft=1000)
    account.deposit(cents) if cents > 0 else account.withdraw(-cents)
    assert str(account) == f"checking X (me): {shown} USD"


def test_repr(ann_savings):
    assert repr(ann_savings) == "SavingsAccount(iban='DE2', owner='ann', currency='EUR', balance=20000)"


def test_eq(ann, bob):
    assert ann == SavingsAccount("DE1", "other")
    assert ann != bob
    assert ann != "DE1"
    assert len({ann, bob, CheckingAccount("DE1", "ann")}) == 2
