from decimal import Decimal

import pytest

from banking import Account, AccountManager, CheckingAccount, Entry, Money, SavingsAccount


def euros(amount: int) -> Money:
    return Money(Decimal(amount))


@pytest.fixture(params=["savings", "checking"])
def account(request: pytest.FixtureRequest) -> Account:
    if request.param == "savings":
        return SavingsAccount(owner="Ada", opening=euros(10))
    return CheckingAccount(owner="Ada", opening=euros(10))


def test_deposit_and_withdraw(account: Account) -> None:
    assert account.deposit(euros(5)).withdraw(euros(3)).balance == 12
    assert account.history == [Entry(euros(-3), euros(12)), Entry(euros(5), euros(15))]


@pytest.mark.parametrize("amount", [-1, 0])
def test_only_positive_amounts(account: Account, amount: int) -> None:
    with pytest.raises(ValueError):
        account.deposit(euros(amount))
    with pytest.raises(ValueError):
        account.withdraw(euros(amount))
    assert account.history == []


def test_the_floor_holds(account: Account) -> None:
    with pytest.raises(ValueError):
        account.withdraw(euros(11))


def test_overdraft() -> None:
    assert CheckingAccount(owner="Bob", overdraft=euros(4)).withdraw(euros(4)).balance == -4


def test_interest() -> None:
    account = SavingsAccount(owner="Bob", opening=euros(100))
    account.accrue()
    assert account.balance == 101


def test_comparison(account: Account) -> None:
    assert account == account
    assert account != SavingsAccount(owner="Ada", opening=euros(10))
    assert account != "Ada"
    assert str(account) == "Ada: 10"


def test_manager(account: Account) -> None:
    other = SavingsAccount(owner="Bob")
    manager = AccountManager(account)
    manager.add(other)
    assert list(manager) == [account, other]
    assert manager[other.number] is other
    manager.transfer(euros(4), source=account, target=other)
    assert (account.balance, other.balance, manager.total) == (6, 4, 10)
    del manager[other.number]
    assert len(manager) == 1
    assert other not in manager
