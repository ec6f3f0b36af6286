import pytest

from banking import Account, AccountManager, CheckingAccount, InsufficientFundsError, SavingsAccount


@pytest.fixture
def savings() -> SavingsAccount:
    return SavingsAccount("S-1", "Ada", 100.0, interest_rate=0.1)


@pytest.fixture
def checking() -> CheckingAccount:
    return CheckingAccount("C-1", "Bob", 50.0, overdraft_limit=20.0)


def test_account_is_abstract() -> None:
    with pytest.raises(TypeError):
        Account("A-1", "Ada")  # type: ignore[abstract]


def test_opening_balance_cannot_be_negative() -> None:
    with pytest.raises(ValueError):
        SavingsAccount("S-2", "Ada", -1)


def test_deposit(savings: SavingsAccount) -> None:
    savings.deposit(50)
    assert savings.balance == 150


@pytest.mark.parametrize("amount", [0, -5])
def test_deposit_must_be_positive(savings: SavingsAccount, amount: float) -> None:
    with pytest.raises(ValueError):
        savings.deposit(amount)
    assert savings.balance == 100


def test_withdraw(savings: SavingsAccount) -> None:
    savings.withdraw(100)
    assert savings.balance == 0


def test_withdraw_too_much(savings: SavingsAccount) -> None:
    with pytest.raises(InsufficientFundsError):
        savings.withdraw(100.01)
    assert savings.balance == 100


@pytest.mark.parametrize("amount", [0, -5])
def test_withdraw_must_be_positive(checking: CheckingAccount, amount: float) -> None:
    with pytest.raises(ValueError):
        checking.withdraw(amount)


def test_overdraft(checking: CheckingAccount) -> None:
    checking.withdraw(70)
    assert checking.balance == -20
    with pytest.raises(InsufficientFundsError):
        checking.withdraw(1)


def test_interest(savings: SavingsAccount) -> None:
    savings.apply_interest()
    assert savings.balance == pytest.approx(110)


def test_balance_is_read_only(savings: SavingsAccount) -> None:
    with pytest.raises(AttributeError):
        savings.balance = 5  # type: ignore[misc]


def test_text(savings: SavingsAccount) -> None:
    assert str(savings) == "Savings account S-1 (Ada): $100.00"


def test_repr(savings: SavingsAccount) -> None:
    assert repr(savings) == "SavingsAccount('S-1', 'Ada', 100.0)"


def test_equality(savings: SavingsAccount, checking: CheckingAccount) -> None:
    assert savings == SavingsAccount("S-1", "Ada")
    assert savings != checking
    assert savings != "S-1"


@pytest.fixture
def manager(savings: SavingsAccount, checking: CheckingAccount) -> AccountManager:
    manager = AccountManager()
    manager.add_account(savings)
    manager.add_account(checking)
    return manager


def test_manager_adds_once(manager: AccountManager, savings: SavingsAccount) -> None:
    with pytest.raises(ValueError):
        manager.add_account(savings)


def test_manager_finds(manager: AccountManager, checking: CheckingAccount) -> None:
    assert manager.get_account("C-1") is checking


def test_manager_lists(manager: AccountManager, savings: SavingsAccount, checking: CheckingAccount) -> None:
    assert manager.list_accounts() == [savings, checking]


def test_manager_adds_up(manager: AccountManager) -> None:
    assert manager.total_balance() == 150


def test_manager_transfers(
    manager: AccountManager, savings: SavingsAccount, checking: CheckingAccount
) -> None:
    manager.transfer("S-1", "C-1", 30)
    assert (savings.balance, checking.balance) == (70, 80)


def test_manager_transfers_nothing_when_there_is_too_little(
    manager: AccountManager, savings: SavingsAccount, checking: CheckingAccount
) -> None:
    with pytest.raises(InsufficientFundsError):
        manager.transfer("S-1", "C-1", 101)
    assert (savings.balance, checking.balance) == (100, 50)


def test_manager_removes(manager: AccountManager) -> None:
    manager.remove_account("S-1")
    with pytest.raises(KeyError):
        manager.get_account("S-1")
