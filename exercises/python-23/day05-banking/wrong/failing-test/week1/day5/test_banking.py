from banking import AccountManager, CheckingAccount, SavingsAccount


def test_deposit():
    acc = SavingsAccount("Alice", 100)
    acc.deposit(50)
    assert acc.balance == 150


def test_negative_deposit():
    acc = SavingsAccount("Alice", 100)
    acc.deposit(-50)
    assert acc.balance == 100


def test_withdraw():
    acc = SavingsAccount("Alice", 100)
    acc.withdraw(30)
    assert acc.balance == 70


def test_withdraw_too_much():
    acc = SavingsAccount("Alice", 100)
    acc.withdraw(300)
    assert acc.balance == 100


def test_overdraft():
    acc = CheckingAccount("Bob", 100)
    acc.withdraw(600)
    assert acc.balance == 100
    acc.withdraw(1)
    assert acc.balance == -500


def test_interest():
    acc = SavingsAccount("Alice", 100, 10)
    acc.add_interest()
    assert acc.balance == 110


def test_history(capsys):
    acc = CheckingAccount("Bob", 0)
    acc.deposit(10)
    assert len(acc.transaction_history) == 2
    acc.show_history()
    assert "Deposited $10" in capsys.readouterr().out


def test_eq_and_str():
    assert SavingsAccount("Alice", 100) == SavingsAccount("Alice", 100)
    assert SavingsAccount("Alice", 100) != 100
    assert str(SavingsAccount("Alice", 100)) == "Account holder: Alice, Balance: $100"


def test_manager_transfer():
    m = AccountManager()
    a = m.create_account("savings", "Alice", 100)
    b = m.create_account("checking", "Bob", 50)
    m.transfer(a, b, 25)
    assert m.get_account(a).balance == 75
    assert m.get_account(b).balance == 75


def test_manager_get():
    m = AccountManager()
    number = m.create_account("savings", "Alice", 100)
    assert m.get_account(number).account_holder == "Alice"


def test_manager_close():
    m = AccountManager()
    a = m.create_account("savings", "Alice", 100)
    m.close_account(a)
    assert m.get_account(a) is None
