from decimal import Decimal
from fractions import Fraction

import pytest
from week1.day5.banking import (
    Account,
    AccountManager,
    CheckingAccount,
    Overdrawn,
    Refused,
    SavingsAccount,
    money,
)


def filled(kind: type[Account], *amounts: int) -> Account:
    account = kind("XX01", "Fay")
    for amount in amounts:
        account.deposit(amount)
    return account


@pytest.mark.parametrize(
    "value, expected", [(1, "1.00"), ("2.345", "2.34"), (Decimal("0.1"), "0.10")]
)
def test_money(value: object, expected: str) -> None:
    assert str(money(value)) == expected  # type: ignore[arg-type]


def test_the_base_cannot_withdraw() -> None:
    with pytest.raises(NotImplementedError):
        filled(Account, 5).withdraw(1)


@pytest.mark.parametrize("kind", [SavingsAccount, CheckingAccount])
def test_movements(kind: type[Account]) -> None:
    account = filled(kind, 10, 5)
    account.withdraw("2.50")
    assert account.balance == Decimal("12.50")
    assert account.transaction_history() == [
        ("deposit", 10),
        ("deposit", 5),
        ("withdrawal", Decimal("-2.50")),
    ]
    with pytest.raises(Overdrawn):
        account.withdraw(13)
    for wrong in (0, -1):
        with pytest.raises(Refused):
            account.deposit(wrong)
        with pytest.raises(Refused):
            account.withdraw(wrong)
    assert account.balance == Decimal("12.50")
    with pytest.raises(AttributeError):
        account.balance = Decimal(1)  # type: ignore[misc]


def test_credit() -> None:
    account = CheckingAccount("XX02", "Fay", credit=100)
    account.withdraw(100)
    assert account.balance == -100
    with pytest.raises(Overdrawn):
        account.withdraw("0.01")


def test_end_year() -> None:
    account = SavingsAccount("XX03", "Fay", Fraction(1, 10))
    account.end_year()
    assert account.balance == 0
    account.deposit(50)
    account.end_year()
    assert account.balance == 55


def test_looks_and_equality() -> None:
    account = filled(SavingsAccount, 3)
    assert str(account) == "savings account XX01 (Fay): 3.00 EUR"
    assert repr(account) == "SavingsAccount(iban='XX01', holder='Fay')"
    assert account == SavingsAccount("XX01", "somebody")
    assert account != SavingsAccount("XX02", "Fay")
    assert account < SavingsAccount("XX02", "Fay")


def test_manager() -> None:
    one, two = SavingsAccount("XX01", "Fay"), CheckingAccount("XX02", "Flo")
    one.deposit(10)
    manager = AccountManager[Account]([two, one])
    with pytest.raises(Refused):
        manager.include(one)
    manager.send("XX01", "XX02", 4)
    assert [a.balance for a in manager.where(lambda a: True)] == [6, 4]
    with pytest.raises(Overdrawn):
        manager.send("XX01", "XX02", 7)
    with pytest.raises(KeyError):
        manager.send("XX01", "XX99", 1)
    assert one.balance == 6
    assert manager.where(lambda a: a.holder == "Flo") == [two]
    assert len(manager) == 2
