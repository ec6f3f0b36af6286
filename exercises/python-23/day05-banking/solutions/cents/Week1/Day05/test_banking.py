from typing import TYPE_CHECKING

import banking
import pytest

if TYPE_CHECKING:
    from banking import CheckingAccount


def test_base_does_not_withdraw() -> None:
    with pytest.raises(NotImplementedError):
        banking.Account("Ada", deposit_cents=5).withdraw(1)


class TestSavings:
    account = banking.SavingsAccount("Ada", deposit_cents=1)

    @pytest.fixture(autouse=True)
    def opened(self) -> None:
        self.account = banking.SavingsAccount("Ada", deposit_cents=500)

    def test_deposit(self) -> None:
        assert self.account.deposit(50) == 550
        assert self.account.history == [("in", 500), ("in", 50)]

    def test_withdrawals_are_limited(self) -> None:
        for _ in range(3):
            self.account.withdraw(100)
        with pytest.raises(banking.BankError):
            self.account.withdraw(100)
        assert self.account.balance == 200

    @pytest.mark.parametrize("cents", [0, -1])
    def test_amounts(self, cents: int) -> None:
        with pytest.raises(banking.BankError):
            self.account.deposit(cents)
        with pytest.raises(banking.BankError):
            self.account.withdraw(cents)

    def test_equality(self) -> None:
        assert self.account == self.account
        assert self.account != banking.SavingsAccount("Ada", deposit_cents=500)
        assert self.account != 500
        assert "Ada" in str(self.account)


def test_overdraft_ends(overdrawn: "CheckingAccount") -> None:
    assert overdrawn.balance == -50
    with pytest.raises(banking.BankError):
        overdrawn.withdraw(1)


def test_balance_is_read_only(overdrawn: "CheckingAccount") -> None:
    with pytest.raises(AttributeError):
        overdrawn.balance = 5  # type: ignore[misc]


def test_manager() -> None:
    manager = banking.AccountManager()
    one = manager.open(banking.SavingsAccount, "Ada", deposit_cents=100)
    manager.open(banking.CheckingAccount, "Bob", deposit_cents=50, overdraft_limit=0)
    assert manager.find_by_owner("Ada") == [one]
    assert manager.find_by_owner("Eve") == []
    assert manager.total() == 150
    assert manager.total("Bob") == 50
