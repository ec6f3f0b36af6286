# Unit tests
from unittest.mock import patch

import pytest

from banking import Account, CheckingAccount, NotEnoughMoneyError, SavingsAccount


def test_base_class_is_abstract():
    with pytest.raises(TypeError):
        Account("1", "Anna")


def test_base_withdraw_not_implemented():
    class LazyAccount(Account):
        def withdraw(self, amount):
            super().withdraw(amount)

    with pytest.raises(NotImplementedError):
        LazyAccount("1", "Anna", 10).withdraw(1)


def test_new_account_is_empty():
    account = SavingsAccount("1", "Anna")
    assert account.balance == 0
    assert account.transactions == []


def test_negative_start():
    with pytest.raises(ValueError):
        CheckingAccount("1", "Anna", -1)


def test_balance_cannot_be_set(any_account):
    with pytest.raises(AttributeError):
        any_account.balance = 1000000


@pytest.mark.parametrize("amount", [0.01, 1, 99.99, 1000000])
def test_deposit(any_account, amount):
    before = any_account.balance
    any_account.deposit(amount)
    assert any_account.balance == pytest.approx(before + amount)


@pytest.mark.parametrize("amount", [0, -0.01, -100])
def test_bad_amounts(any_account, amount):
    before = any_account.balance
    with pytest.raises(ValueError):
        any_account.deposit(amount)
    with pytest.raises(ValueError):
        any_account.withdraw(amount)
    assert any_account.balance == before
    assert any_account.transactions == []


@pytest.mark.parametrize(
    "amount, left",
    [
        (1, 99),
        (99.99, 0.01),
        (100, 0),
    ],
)
def test_savings_withdraw(savings, amount, left):
    savings.withdraw(amount)
    assert savings.balance == left


@pytest.mark.parametrize("amount", [100.01, 101, 5000])
def test_savings_not_enough(savings, amount):
    with pytest.raises(NotEnoughMoneyError, match="You only have 100.00"):
        savings.withdraw(amount)
    assert savings.balance == 100


@pytest.mark.parametrize(
    "amount, left",
    [
        (50, 0),
        (51, -1),
        (150, -100),
    ],
)
def test_checking_withdraw(checking, amount, left):
    checking.withdraw(amount)
    assert checking.balance == left


def test_checking_limit(checking):
    with pytest.raises(NotEnoughMoneyError, match="Your limit is 100.00"):
        checking.withdraw(150.01)
    assert checking.balance == 50


def test_interest(savings):
    savings.add_interest()
    assert savings.balance == 105
    assert savings.transactions[0]["kind"] == "interest"


def test_no_interest_on_zero():
    account = SavingsAccount("1", "Anna", 0)
    account.add_interest()
    assert account.transactions == []


def test_float_rounding():
    account = SavingsAccount("1", "Anna")
    account.deposit(0.1)
    account.deposit(0.2)
    assert account.balance == 0.3


def test_transactions(checking):
    # datetime.now() is different every time so I mock it
    with patch("banking.datetime") as fake:
        fake.now.return_value.isoformat.return_value = "2026-01-07T10:00:00"
        checking.deposit(10)
        checking.withdraw(20)
    assert checking.transactions == [
        {"kind": "deposit", "amount": 10, "balance": 60, "time": "2026-01-07T10:00:00"},
        {"kind": "withdraw", "amount": 20, "balance": 40, "time": "2026-01-07T10:00:00"},
    ]


def test_str(savings):
    assert str(savings) == "Account S1 (Anna): 100.00 EUR"


def test_repr(savings, checking):
    assert repr(savings) == "SavingsAccount('S1', 'Anna', 100)"
    assert repr(checking) == "CheckingAccount('C1', 'Ben', 50)"


@pytest.mark.parametrize(
    "other, equal",
    [
        (SavingsAccount("S1", "Anna", 100), True),
        (SavingsAccount("S2", "Anna", 100), False),
        (SavingsAccount("S1", "Eve", 100), False),
        (SavingsAccount("S1", "Anna", 99), False),
        (CheckingAccount("S1", "Anna", 100), False),
        ("S1", False),
        (None, False),
    ],
)
def test_eq(savings, other, equal):
    assert (savings == other) is equal
