from banking import AccountManager, CheckingAccount, SavingsAccount


def test_deposit():
    acc = SavingsAccount("Alice", 100)
    acc.deposit(50)
    print(acc.balance)


def test_negative_deposit():
    acc = SavingsAccount("Alice", 100)
    acc.deposit(-50)


def test_withdraw():
    acc = CheckingAccount("Alice", 100)
    acc.withdraw(30)
    print(acc.balance == 70)


def test_withdraw_too_much():
    acc = SavingsAccount("Alice", 100)
    acc.withdraw(300)


def test_manager():
    m = AccountManager()
    a = m.create_account("savings", "Alice", 100)
    print(m.get_account(a))
    assert True
