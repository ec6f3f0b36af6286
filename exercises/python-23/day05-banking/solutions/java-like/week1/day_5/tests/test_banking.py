import unittest

from week1.day_5.banking import AccountManager, AccountType, CheckingAccount, Customer, SavingsAccount


class AccountTest(unittest.TestCase):
    def setUp(self) -> None:
        self.savings = SavingsAccount(1, Customer("Ada"), 1000.0, 0.05)
        self.checking = CheckingAccount(2, Customer("Bob"), 200.0)

    def test_deposit(self) -> None:
        self.assertTrue(self.savings.deposit(50))
        self.assertEqual(1050, self.savings.getBalance())
        self.assertFalse(self.savings.deposit(-50))

    def test_withdraw_keeps_minimum(self) -> None:
        self.assertTrue(self.savings.withdraw(500))
        self.assertFalse(self.savings.withdraw(1))
        self.assertEqual(500, self.savings.balance)

    def test_withdraw_with_fee(self) -> None:
        self.assertFalse(self.checking.withdraw(200))
        self.assertTrue(self.checking.withdraw(199))
        self.assertEqual(0, self.checking.balance)

    def test_interest(self) -> None:
        self.savings.addInterest()
        self.assertAlmostEqual(1050, self.savings.balance)

    def test_history(self) -> None:
        self.checking.deposit(5)
        self.assertEqual(
            ["OPEN", "DEPOSIT"], [each["type"] for each in self.checking.getTransactionHistory()]
        )

    def test_equals(self) -> None:
        self.assertEqual(self.checking, CheckingAccount(2, Customer("Bob"), 200.0))
        self.assertNotEqual(self.checking, self.savings)
        self.assertFalse(self.checking == "Bob")

    def test_balance_has_no_setter(self) -> None:
        with self.assertRaises(AttributeError):
            self.checking.balance = 7  # type: ignore[misc]


class AccountManagerTest(unittest.TestCase):
    def test_transfer(self) -> None:
        manager = AccountManager("Bank")
        one = manager.createAccount(AccountType.CHECKING, "Ada", 100)
        two = manager.createAccount(AccountType.CHECKING, "Bob", 100)
        self.assertTrue(manager.transfer(one.getAccountNumber(), two.getAccountNumber(), 50))
        self.assertEqual(49, one.balance)
        self.assertEqual(150, two.balance)
        self.assertFalse(manager.transfer(one.getAccountNumber(), two.getAccountNumber(), 50))
        self.assertEqual(199, manager.getTotalBalance())


if __name__ == "__main__":
    unittest.main()
