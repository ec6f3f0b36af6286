import pytest
from banking import AccountManager, CheckingAccount, SavingsAccount


@pytest.fixture(params=[SavingsAccount, CheckingAccount])
def account(request):
    """An account of each kind, with ten euros; every test that asks for it runs twice."""
    extra = {"overdraft_limit": 0} if request.param is CheckingAccount else {}
    return request.param("Ann", deposit_cents=1000, account_id="A1", **extra)


@pytest.fixture
def manager():
    return AccountManager()
