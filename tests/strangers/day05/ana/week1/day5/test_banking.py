import pytest

from banking import Account, AccountManager, CheckingAccount, SavingsAccount


@pytest.fixture
def savings() -> SavingsAccount:
    return SavingsAccount("S1", "Ana", 100)


@pytest.fixture
def checking() -> CheckingAccount:
    return CheckingAccount("C1", "Ana", 50, overdraft_limit=25)


def test_account_is_abstract() -> None:
    with pytest.raises(TypeError):
        Account("A", "Ana")  # type: ignore[abstract]


def test_deposit(savings: SavingsAccount) -> None:
    savings.deposit(20)
    assert savings.balance == 120
    assert savings.transactions[-1]["type"] == "deposit"
    assert savings.transactions[-1]["amount"] == 20


@pytest.mark.parametrize("amount", [0, -1])
def test_bad_amounts(savings: SavingsAccount, amount: float) -> None:
    with pytest.raises(ValueError):
        savings.deposit(amount)
    with pytest.raises(ValueError):
        savings.withdraw(amount)
    assert savings.balance == 100
    assert savings.transactions == []


def test_withdraw(savings: SavingsAccount) -> None:
    savings.withdraw(30)
    assert savings.balance == 70
    with pytest.raises(ValueError):
        savings.withdraw(71)
    assert savings.balance == 70


def test_overdraft(checking: CheckingAccount) -> None:
    checking.withdraw(75)
    assert checking.balance == -25
    with pytest.raises(ValueError):
        checking.withdraw(1)


def test_interest(savings: SavingsAccount) -> None:
    savings.add_interest()
    assert savings.balance == pytest.approx(102)


def test_balance_is_read_only(savings: SavingsAccount) -> None:
    with pytest.raises(AttributeError):
        savings.balance = 5  # type: ignore[misc]


def test_dunders(savings: SavingsAccount) -> None:
    assert str(savings) == "SavingsAccount of Ana: 100.00"
    assert repr(savings) == "SavingsAccount('S1', 'Ana', 100)"
    assert savings == SavingsAccount("S1", "Ana", 100)
    assert savings != SavingsAccount("S2", "Ana", 100)


def test_manager(savings: SavingsAccount, checking: CheckingAccount) -> None:
    manager = AccountManager()
    manager.add_account(savings)
    manager.add_account(checking)
    with pytest.raises(ValueError):
        manager.add_account(savings)
    manager.transfer("S1", "C1", 40)
    assert (savings.balance, checking.balance) == (60, 90)
    assert manager.total_balance() == 150
    with pytest.raises(ValueError):
        manager.transfer("S1", "C1", 1000)
    assert (savings.balance, checking.balance) == (60, 90)
    manager.remove_account("S1")
    with pytest.raises(KeyError):
        manager.get_account("S1")
