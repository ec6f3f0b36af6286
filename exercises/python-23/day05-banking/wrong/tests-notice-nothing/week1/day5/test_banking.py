from banking import AccountManager, CheckingAccount, SavingsAccount


def test_deposit() -> None:
    account = SavingsAccount("1", "a", 10)
    account.deposit(5)
    assert account is not None


def test_withdraw() -> None:
    account = CheckingAccount("1", "a", 10)
    account.withdraw(5)
    assert isinstance(account, CheckingAccount)


def test_manager() -> None:
    assert AccountManager() is not None


def test_text() -> None:
    assert str(SavingsAccount("1", "a", 10))


def test_repr() -> None:
    assert repr(SavingsAccount("1", "a", 10))
