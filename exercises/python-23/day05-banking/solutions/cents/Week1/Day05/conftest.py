import pytest

from banking import CheckingAccount


@pytest.fixture
def overdrawn() -> CheckingAccount:
    account = CheckingAccount("Bob", overdraft_limit=50)
    account.withdraw(50)
    return account
