import pytest
from banking import BankError, CheckingAccount, SavingsAccount


def test_manager_and_both_kinds(manager):
    savings = manager.open(SavingsAccount, "Ann", deposit_cents=300)
    checking = manager.open(CheckingAccount, "Ann", overdraft_limit=100)
    other = manager.open(SavingsAccount, "Bob", deposit_cents=7)
    checking.withdraw(100)
    with pytest.raises(BankError):
        checking.withdraw(1)
    savings.withdraw(250)
    checking.deposit(250)
    assert manager.find_by_owner("Ann") == [savings, checking]
    assert manager.find_by_owner("Bob") == [other]
    assert manager.total("Ann") == 200
    assert manager.total("Bob") == 7
    assert manager.total() == 207


def test_nobody(manager):
    assert manager.find_by_owner("Ann") == []
    assert manager.total() == manager.total("Ann") == 0


def test_open_hands_back_what_it_keeps(manager):
    account = manager.open(SavingsAccount, "Ann")
    assert manager.find_by_owner("Ann")[0] is account
    assert type(account) is SavingsAccount
