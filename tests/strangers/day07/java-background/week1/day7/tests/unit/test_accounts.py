from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from banking import (
    Account,
    CheckingAccount,
    InsufficientFundsError,
    InvalidAmountError,
    SavingsAccount,
    Transaction,
    TransactionType,
    to_money,
)

pytestmark = pytest.mark.unit


class TestMoney:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [(1, "1.00"), ("1.5", "1.50"), ("0.005", "0.01"), ("0.004", "0.00"), (Decimal(-3), "-3.00")],
    )
    def test_is_rounded_to_cents(self, value: Any, expected: str) -> None:
        assert str(to_money(value)) == expected

    @pytest.mark.parametrize("value", [1.5, True, "abc", "", "NaN", "Infinity"])
    def test_refuses(self, value: Any) -> None:
        with pytest.raises(InvalidAmountError):
            to_money(value)


class TestAbstractAccount:
    def test_cannot_be_instantiated(self) -> None:
        with pytest.raises(TypeError):
            Account("1", "Ann")  # type: ignore[abstract]

    @pytest.mark.parametrize("cls", [SavingsAccount, CheckingAccount])
    def test_negative_opening_balance(self, cls: type[Account]) -> None:
        with pytest.raises(InvalidAmountError):
            cls("1", "Ann", -1)

    def test_balance_is_read_only(self, savings: SavingsAccount) -> None:
        with pytest.raises(AttributeError):
            savings.balance = Decimal(1)  # type: ignore[misc]


class TestDeposit:
    @pytest.mark.parametrize(("amount", "balance"), [(1, "1001"), ("0.01", "1000.01"), (Decimal(9), "1009")])
    def test_adds(self, savings: SavingsAccount, amount: Any, balance: str) -> None:
        savings.deposit(amount)
        assert savings.balance == Decimal(balance)

    @pytest.mark.parametrize("amount", [0, -1, "-0.01", "0.001"])
    def test_must_be_positive(self, savings: SavingsAccount, amount: Any) -> None:
        with pytest.raises(InvalidAmountError):
            savings.deposit(amount)
        assert savings.balance == 1000
        assert savings.history == []


class TestWithdraw:
    @pytest.mark.parametrize("amount", [1, "899.99", 900])
    def test_savings_down_to_minimum(self, savings: SavingsAccount, amount: Any) -> None:
        savings.withdraw(amount)
        assert savings.balance >= savings.minimum

    def test_savings_below_minimum(self, savings: SavingsAccount) -> None:
        with pytest.raises(InsufficientFundsError) as info:
            savings.withdraw("900.01")
        assert info.value.available == 900
        assert info.value.needed == Decimal("900.01")
        assert savings.balance == 1000

    def test_savings_never_negative_available(self) -> None:
        assert SavingsAccount("S", "A", 5, minimum=10).available == 0

    @pytest.mark.parametrize(("amount", "balance"), [(200, 0), (201, -1), (500, -300)])
    def test_checking_overdraft(self, checking: CheckingAccount, amount: int, balance: int) -> None:
        checking.withdraw(amount)
        assert checking.balance == balance

    def test_checking_beyond_overdraft(self, checking: CheckingAccount) -> None:
        with pytest.raises(InsufficientFundsError):
            checking.withdraw(501)

    @pytest.mark.parametrize("amount", [0, -5])
    def test_must_be_positive(self, checking: CheckingAccount, amount: int) -> None:
        with pytest.raises(InvalidAmountError):
            checking.withdraw(amount)


class TestInterest:
    def test_is_booked(self, savings: SavingsAccount) -> None:
        assert savings.add_interest() == 50
        assert savings.balance == 1050
        assert savings.history[-1].type is TransactionType.INTEREST

    def test_nothing_on_nothing(self) -> None:
        account = SavingsAccount("S", "A")
        assert account.add_interest() == 0
        assert account.history == []


class TestHistory:
    def test_records_everything(self, checking: CheckingAccount, frozen_clock: datetime) -> None:
        checking.deposit(100)
        checking.withdraw(50)
        assert checking.history == [
            Transaction(TransactionType.DEPOSIT, Decimal(100), Decimal(300), frozen_clock),
            Transaction(TransactionType.WITHDRAWAL, Decimal(-50), Decimal(250), frozen_clock),
        ]

    def test_cannot_be_changed_from_outside(self, checking: CheckingAccount) -> None:
        checking.deposit(1)
        checking.history.clear()
        assert len(checking.history) == 1

    def test_line(self, checking: CheckingAccount, frozen_clock: datetime) -> None:
        checking.deposit(100)
        assert str(checking.history[0]).split() == ["2026-01-31", "deposit", "100.00", "300.00"]


class TestDunders:
    def test_str(self, savings: SavingsAccount, checking: CheckingAccount) -> None:
        assert str(savings) == "Savings account S1 of Ann: 1000.00"
        assert str(checking) == "Checking account C1 of Bob: 200.00"

    def test_repr(self, savings: SavingsAccount) -> None:
        assert repr(savings) == "SavingsAccount('S1', 'Ann', '1000.00')"

    def test_eq(self, savings: SavingsAccount, checking: CheckingAccount) -> None:
        assert savings == SavingsAccount("S1", "somebody else")
        assert savings != checking
        assert savings != "S1"
        assert len({savings, SavingsAccount("S1", "Ann")}) == 1
