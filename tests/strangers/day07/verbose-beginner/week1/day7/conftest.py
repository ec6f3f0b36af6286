# Fixtures that all my test files can use (pytest finds this file by itself!)
import pytest

from banking import AccountManager, CheckingAccount, SavingsAccount


@pytest.fixture
def savings():
    return SavingsAccount("S1", "Anna", 100, interest_rate=0.05)


@pytest.fixture
def checking():
    return CheckingAccount("C1", "Ben", 50, overdraft_limit=100)


@pytest.fixture(params=["savings", "checking"])
def any_account(request):
    """Every test with this fixture is run twice, once for each kind of account."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def manager(savings, checking):
    manager = AccountManager()
    manager.add_account(savings)
    manager.add_account(checking)
    return manager
