# My bank from day 5 (copied here so that day 7 stands alone)
from __future__ import annotations

import json
from abc import ABC, abstractmethod
from datetime import datetime
from pathlib import Path


class NotEnoughMoneyError(Exception):
    """Somebody wants more money than there is."""


class Account(ABC):
    """Base class for all accounts."""

    def __init__(self, account_number: str, owner: str, balance: float = 0) -> None:
        if balance < 0:
            raise ValueError("Starting balance cannot be negative")
        self.account_number = account_number
        self.owner = owner
        self._balance = balance
        self.transactions: list[dict[str, object]] = []

    @property
    def balance(self) -> float:
        return self._balance

    def deposit(self, amount: float) -> None:
        if amount <= 0:
            raise ValueError("Deposit must be more than 0")
        self._balance = round(self._balance + amount, 2)
        self._remember("deposit", amount)

    @abstractmethod
    def withdraw(self, amount: float) -> None:
        raise NotImplementedError

    def _remember(self, kind: str, amount: float) -> None:
        self.transactions.append(
            {
                "kind": kind,
                "amount": amount,
                "balance": self._balance,
                "time": datetime.now().isoformat(timespec="seconds"),
            }
        )

    def __str__(self) -> str:
        return f"Account {self.account_number} ({self.owner}): {self._balance:.2f} EUR"

    def __repr__(self) -> str:
        return f"{self.__class__.__name__}({self.account_number!r}, {self.owner!r}, {self._balance!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Account):
            return NotImplemented
        return (
            type(self) is type(other)
            and self.account_number == other.account_number
            and self.owner == other.owner
            and self.balance == other.balance
        )


class SavingsAccount(Account):
    def __init__(
        self, account_number: str, owner: str, balance: float = 0, interest_rate: float = 0.01
    ) -> None:
        super().__init__(account_number, owner, balance)
        self.interest_rate = interest_rate

    def withdraw(self, amount: float) -> None:
        if amount <= 0:
            raise ValueError("Withdrawal must be more than 0")
        if amount > self._balance:
            raise NotEnoughMoneyError(f"You only have {self._balance:.2f}")
        self._balance = round(self._balance - amount, 2)
        self._remember("withdraw", amount)

    def add_interest(self) -> None:
        interest = round(self._balance * self.interest_rate, 2)
        if interest > 0:
            self._balance = round(self._balance + interest, 2)
            self._remember("interest", interest)


class CheckingAccount(Account):
    def __init__(
        self, account_number: str, owner: str, balance: float = 0, overdraft_limit: float = 100
    ) -> None:
        super().__init__(account_number, owner, balance)
        self.overdraft_limit = overdraft_limit

    def withdraw(self, amount: float) -> None:
        if amount <= 0:
            raise ValueError("Withdrawal must be more than 0")
        if amount > self._balance + self.overdraft_limit:
            raise NotEnoughMoneyError(f"Your limit is {self.overdraft_limit:.2f}")
        self._balance = round(self._balance - amount, 2)
        self._remember("withdraw", amount)


class AccountManager:
    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}

    def add_account(self, account: Account) -> None:
        if account.account_number in self.accounts:
            raise ValueError("This account number is taken")
        self.accounts[account.account_number] = account

    def get_account(self, account_number: str) -> Account:
        if account_number not in self.accounts:
            raise KeyError(f"No account {account_number}")
        return self.accounts[account_number]

    def remove_account(self, account_number: str) -> None:
        self.get_account(account_number)
        del self.accounts[account_number]

    def transfer(self, from_number: str, to_number: str, amount: float) -> None:
        from_account = self.get_account(from_number)
        to_account = self.get_account(to_number)
        # withdraw first: if it fails nothing has happened
        from_account.withdraw(amount)
        to_account.deposit(amount)

    def total_balance(self) -> float:
        return round(sum(account.balance for account in self.accounts.values()), 2)

    def save(self, filename: str | Path) -> None:
        """Saves all accounts in a json file."""
        data = []
        for account in self.accounts.values():
            data.append(
                {
                    "type": account.__class__.__name__,
                    "number": account.account_number,
                    "owner": account.owner,
                    "balance": account.balance,
                    "transactions": account.transactions,
                }
            )
        Path(filename).write_text(json.dumps(data, indent=2))


def main() -> None:
    manager = AccountManager()
    manager.add_account(SavingsAccount("S1", "Anna", 100))
    manager.add_account(CheckingAccount("C1", "Anna", 50))
    manager.transfer("C1", "S1", 120)
    for account in manager.accounts.values():
        print(account)


if __name__ == "__main__":
    main()
