from __future__ import annotations

import unittest

from banking import Account, AccountManager, CheckingAccount, SavingsAccount, Transaction


class AccountTest(unittest.TestCase):
    def setUp(self) -> None:
        self.account = Account("Chi")
        self.account.deposit(1050)

    def test_balance(self) -> None:
        self.assertEqual(self.account.balance, 1050)
        self.assertTrue(self.account.withdraw(50))
        self.assertEqual(self.account.balance, 1000)

    def test_refusals(self) -> None:
        for amount in (0, -5):
            with self.subTest(amount=amount):
                self.assertFalse(self.account.deposit(amount))
                self.assertFalse(self.account.withdraw(amount))
        self.assertFalse(self.account.withdraw(1051))
        self.assertEqual(self.account.balance, 1050)

    def test_history(self) -> None:
        self.account.withdraw(50)
        self.assertEqual(
            self.account.history,
            [Transaction("deposit", 1050), Transaction("withdrawal", -50)],
        )

    def test_read_only(self) -> None:
        with self.assertRaises(AttributeError):
            self.account.balance = 1  # type: ignore[misc]

    def test_text_and_equality(self) -> None:
        self.assertEqual(str(self.account), "Chi: 10.50")
        self.assertIn("Chi", repr(self.account))
        twin = Account("Chi")
        self.assertNotEqual(self.account, twin)
        twin.deposit(1050)
        self.assertEqual(self.account, twin)


class KindsTest(unittest.TestCase):
    def test_interest(self) -> None:
        account = SavingsAccount("Chi", rate_percent=10)
        account.deposit(1000)
        self.assertEqual(account.pay_interest(), 100)
        self.assertEqual(account.balance, 1100)

    def test_limit(self) -> None:
        account = CheckingAccount("Chi", limit=100)
        self.assertTrue(account.withdraw(100))
        self.assertFalse(account.withdraw(1))
        self.assertEqual(str(account), "Chi: -1.00")


class ManagerTest(unittest.TestCase):
    def test_everything(self) -> None:
        manager = AccountManager()
        chi = manager.create("savings", "Chi")
        cleo = manager.create("checking", "Cleo")
        with self.assertRaises(ValueError):
            manager.create("savings", "Chi")
        chi.deposit(100)
        self.assertTrue(manager.move(60, source="Chi", target="Cleo"))
        self.assertFalse(manager.move(60, source="Chi", target="Cleo"))
        self.assertFalse(manager.move(1, source="Chi", target="nobody"))
        self.assertEqual((chi.balance, cleo.balance), (40, 60))
        self.assertIs(manager.find("Chi"), chi)
        self.assertTrue(manager.delete("Chi"))
        self.assertIsNone(manager.find("Chi"))


if __name__ == "__main__":
    unittest.main()
