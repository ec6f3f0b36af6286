from datetime import datetime, timedelta
from itertools import count

import pytest
from banking import AccountManager, CheckingAccount, Customer, SavingsAccount

DEV = Customer("Dev")


def make_clock():
    ticks = count()
    return lambda: datetime(2026, 1, 1) + timedelta(minutes=next(ticks))


@pytest.mark.parametrize("kind", [SavingsAccount, CheckingAccount])
class TestBoth:
    def test_chain(self, kind):
        account = kind(DEV, 10)
        assert account.deposit(5.5).withdraw(0.5).balance == 15

    def test_no_overdraft_unless_agreed(self, kind):
        account = kind(DEV, 10)
        with pytest.raises(ValueError, match="below"):
            account.withdraw(10.01)
        assert account.balance == 10

    @pytest.mark.parametrize("amount", [0, -3, float("inf"), float("nan")])
    def test_amounts(self, kind, amount):
        account = kind(DEV, 10)
        with pytest.raises(ValueError):
            account.deposit(amount)
        with pytest.raises(ValueError):
            account.withdraw(amount)

    def test_not_a_number(self, kind):
        with pytest.raises(TypeError):
            kind(DEV).deposit("5")

    def test_history(self, kind):
        account = kind(DEV, 10, clock=make_clock())
        account.withdraw(4)
        entries = account.get_history()
        assert [(e.what, e.amount) for e in entries] == [
            ("deposit", 10),
            ("withdrawal", 4),
        ]
        assert entries[0] < entries[1]
        entries.clear()
        assert len(account.get_history()) == 2

    def test_balance_cannot_be_set(self, kind):
        with pytest.raises(AttributeError):
            kind(DEV).balance = 10

    def test_text(self, kind):
        account = kind(DEV, 1234.5)
        assert str(account) == f"Dev's {kind.__name__} (1,234.50)"
        assert repr(account).startswith(kind.__name__)

    def test_equality(self, kind):
        assert kind(DEV, 1) == kind(DEV, 1)
        assert kind(DEV, 1) != kind(DEV, 2)
        assert kind(DEV, 1) != kind(Customer("Eve"), 1)


def test_kinds_differ():
    assert SavingsAccount(DEV, 1) != CheckingAccount(DEV, 1)


def test_overdraft():
    account = CheckingAccount(DEV, overdraft=50)
    account.withdraw(50)
    assert account.balance == -50
    with pytest.raises(ValueError):
        account.withdraw(0.01)


def test_accrue():
    account = SavingsAccount(DEV, 100)
    account.accrue(0.1)
    assert account.balance == 110


class TestManager:
    def test_transfer(self):
        one, two = SavingsAccount(DEV, 10), CheckingAccount(DEV)
        manager = AccountManager(one)
        manager.register(two)
        manager.transfer(4, one.number, two.number)
        assert (one.balance, two.balance) == (6, 4)
        assert manager.total == 10
        assert manager.accounts_of(DEV) == [one, two]
        with pytest.raises(ValueError):
            manager.transfer(7, from_=one.number, to=two.number)
        assert (one.balance, two.balance) == (6, 4)

    def test_unregister(self):
        account = SavingsAccount(DEV)
        manager = AccountManager()
        number = manager.register(account)
        assert manager.lookup(number) is account
        manager.unregister(number)
        with pytest.raises(KeyError):
            manager.lookup(number)
