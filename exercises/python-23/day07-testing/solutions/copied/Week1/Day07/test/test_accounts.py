import threading
from unittest.mock import patch

import pytest
from banking import Account, BankError, CheckingAccount, SavingsAccount


def state(account):
    return account.balance, account.history


def test_opening(account):
    assert account.name == "Ann"
    assert account.id == "A1"
    assert state(account) == (1000, [("in", 1000)])


def test_opening_without_money():
    assert state(SavingsAccount("Bob")) == (0, [])


def test_money_is_whole_cents():
    with pytest.raises(TypeError, match="whole numbers"):
        SavingsAccount("Bob", deposit_cents=1.5)


def test_a_number_is_drawn_for_those_who_bring_none():
    with patch("banking.uuid.uuid4") as uuid4:
        uuid4.return_value.hex = "c0ffee"
        assert SavingsAccount("Bob").id == "c0ffee"
        assert SavingsAccount("Bob", account_id="B7").id == "B7"
    uuid4.assert_called_once_with()


@pytest.mark.parametrize("cents", [1, 2, 99, 100_000])
def test_deposit(account, cents):
    assert account.deposit(cents) == 1000 + cents
    assert state(account) == (1000 + cents, [("in", 1000), ("in", cents)])


@pytest.mark.parametrize("cents", [1, 999, 1000])
def test_withdraw(account, cents):
    assert account.withdraw(cents) == 1000 - cents
    assert state(account) == (1000 - cents, [("in", 1000), ("out", cents)])


@pytest.mark.parametrize("how", ["deposit", "withdraw"])
@pytest.mark.parametrize("cents", [0, -1, 0.5, "1"])
def test_no_amount(account, how, cents):
    with pytest.raises((BankError, TypeError)):
        getattr(account, how)(cents)
    assert state(account) == (1000, [("in", 1000)])


def test_more_than_there_is(account):
    with pytest.raises(BankError, match="^not"):
        account.withdraw(1001)
    assert state(account) == (1000, [("in", 1000)])


def test_savings_can_be_withdrawn_from_three_times():
    account = SavingsAccount("Ann", deposit_cents=10)
    for left in (2, 1, 0):
        account.withdraw(1)
        assert account.withdrawals_left == left
    with pytest.raises(BankError):
        account.withdraw(1)
    assert account.balance == 7


def test_refused_withdrawals_are_not_counted():
    account = SavingsAccount("Ann", deposit_cents=10)
    for cents in (11, 0, -1):
        with pytest.raises(BankError):
            account.withdraw(cents)
    assert account.withdrawals_left == 3


@pytest.mark.parametrize(("cents", "left"), [(10, 0), (11, -1), (60, -50)])
def test_overdraft(cents, left):
    account = CheckingAccount("Ann", deposit_cents=10, overdraft_limit=50)
    assert account.withdraw(cents) == left
    assert account.balance == left


def test_overdraft_has_an_end():
    account = CheckingAccount("Ann", deposit_cents=10, overdraft_limit=50)
    with pytest.raises(BankError, match="not enough"):
        account.withdraw(61)
    assert account.balance == 10


def test_a_bare_account_gives_nothing_back():
    with pytest.raises(NotImplementedError):
        Account("Ann", deposit_cents=5).withdraw(1)


def test_equality(account):
    assert account == SavingsAccount("Zoe", account_id="A1")
    assert account != SavingsAccount("Ann", account_id="A2")
    assert account != "A1"
    assert hash(account) == hash(SavingsAccount("Zoe", account_id="A1"))


@pytest.mark.parametrize("to_text", [str, repr])
def test_text(account, to_text):
    assert to_text(account) == f"{type(account).__name__}(name='Ann', account_id='A1')"


def test_the_balance_cannot_be_assigned(account):
    with pytest.raises(AttributeError):
        account.balance = 5


def test_many_at_once():
    account = SavingsAccount("Ann")
    threads = [threading.Thread(target=lambda: [account.deposit(1) for _ in range(50)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert account.balance == len(account.history) == 200
