from decimal import Decimal as D

import pytest

from week1.day5.banking import (
    Account,
    AccountManager,
    CheckingAccount,
    Kind,
    SavingsAccount,
)
from week1.day5.exceptions import (
    AccountNotFoundError,
    InsufficientFundsError,
    InvalidAmountError,
)


class TestAccount:
    @pytest.fixture(params=[Account, SavingsAccount, CheckingAccount])
    def account(self, request: pytest.FixtureRequest) -> Account:
        made: Account = request.param("Ben", opening_balance=D(10))
        return made

    def test_deposit_and_withdraw(self, account: Account) -> None:
        assert account.deposit(D("2.50")) == D("12.50")
        assert account.withdraw(D("12.50")) == 0
        assert [t.kind for t in account.history] == [
            Kind.DEPOSIT,
            Kind.DEPOSIT,
            Kind.WITHDRAWAL,
        ]
        assert account.history[-1].balance_after == 0

    @pytest.mark.parametrize("amount", [D(0), D(-1), D("NaN"), D("Infinity")])
    def test_amounts(self, account: Account, amount: D) -> None:
        with pytest.raises(InvalidAmountError):
            account.deposit(amount)
        with pytest.raises(InvalidAmountError):
            account.withdraw(amount)

    def test_too_much(self, account: Account) -> None:
        with pytest.raises(InsufficientFundsError, match="10.01 asked"):
            account.withdraw(D("10.01"))
        assert account.balance == 10
        assert len(account.history) == 1

    def test_read_only(self, account: Account) -> None:
        with pytest.raises(AttributeError):
            setattr(account, "balance", 3)

    def test_text(self, account: Account) -> None:
        assert str(account) == f"#{account.id} Ben: €10.00"
        assert type(account).__name__ in repr(account)

    def test_equality(self, account: Account) -> None:
        assert account == type(account)("Ben", opening_balance=D(10))
        assert account != type(account)("Ben", opening_balance=D(11))
        assert account != "Ben"


def test_interest() -> None:
    account = SavingsAccount("Ben", opening_balance=D(200), rate=D("0.05"))
    assert account.apply_interest() == 10
    assert account.balance == 210


def test_overdraft() -> None:
    account = CheckingAccount("Ben", overdraft=D(5))
    account.withdraw(D(5))
    assert account.balance == -5
    with pytest.raises(InsufficientFundsError):
        account.withdraw(D("0.01"))


def test_manager() -> None:
    manager = AccountManager()
    one = manager.open(Account("Ben", opening_balance=D(1)))
    two = manager.open(SavingsAccount("Bo", opening_balance=D(2)))
    assert len(manager) == 2 and one in manager
    assert manager[two].owner == "Bo"
    assert manager.total() == 3
    manager.close(one)
    with pytest.raises(AccountNotFoundError):
        manager[one]
