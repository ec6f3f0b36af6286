from banking import Account, SavingsAccount, CheckingAccount, AccountManager
import pytest


def test_account() -> None:
    a = Account("Eva", 100)
    a.deposit(50)
    assert a.balance == 150
    a.withdraw(30)
    assert a.balance == 120
    assert a.transactions == ["Deposited 50", "Withdrew 30"]


def test_account_wrong_amounts() -> None:
    a = Account("Eva", 100)
    a.deposit(-5)
    a.withdraw(-5)
    a.withdraw(1000)
    assert a.balance == 100
    assert len(a.transactions) == 0


def test_history(capsys: pytest.CaptureFixture[str]) -> None:
    a = Account("Eva")
    a.deposit(1)
    a.show_history()
    assert capsys.readouterr().out == "Deposited 1\n"


def test_balance_read_only() -> None:
    a = Account("Eva", 100)
    try:
        a.balance = 1000  # type: ignore
        assert False
    except AttributeError:
        pass
    assert a.balance == 100


def test_str_repr_eq() -> None:
    a = Account("Eva", 100)
    b = Account("Eva", 100)
    assert str(a) == "Account of Eva with balance 100"
    assert repr(a) == "Account('Eva', 100)"
    assert a == b
    b.deposit(1)
    assert a != b
    assert a != 5


def test_savings() -> None:
    s = SavingsAccount("Eva", 100, 10)
    s.add_interest()
    assert s.balance == 110
    assert str(s).startswith("SavingsAccount")


def test_checking() -> None:
    c = CheckingAccount("Eva", 100, 1)
    c.withdraw(10)
    assert c.balance == 89
    assert repr(c).startswith("CheckingAccount")


def test_manager() -> None:
    m = AccountManager()
    a = SavingsAccount("Eva", 100)
    b = CheckingAccount("Bob", 10)
    m.add(a)
    m.add(b)
    assert m.total() == 110
    assert m.find("Eva") is a
    assert m.find("nobody") is None
    m.transfer(a, b, 60)
    assert a.balance == 40
    assert b.balance == 70
    m.transfer(a, b, 60)
    assert a.balance == 40
    assert b.balance == 70
    m.remove(a)
    assert len(m.accounts) == 1
