"""A small bank."""

from abc import ABC, abstractmethod
from datetime import datetime
from typing import Any


class Account(ABC):
    def __init__(self, account_number: str, owner: str, balance: float = 0.0) -> None:
        if balance < 0:
            raise ValueError("Opening balance cannot be negative")
        self.account_number = account_number
        self.owner = owner
        self._balance = balance
        self._transactions: list[dict[str, Any]] = []

    @property
    def balance(self) -> float:
        return self._balance

    @property
    def transactions(self) -> list[dict[str, Any]]:
        return self._transactions.copy()

    def _record(self, kind: str, amount: float) -> None:
        self._transactions.append(
            {
                "type": kind,
                "amount": amount,
                "balance": self._balance,
                "time": datetime.now(),
            }
        )

    def deposit(self, amount: float) -> None:
        if amount <= 0:
            raise ValueError("Deposit must be positive")
        self._balance += amount
        self._record("deposit", amount)

    @abstractmethod
    def withdraw(self, amount: float) -> None:
        raise NotImplementedError

    def __str__(self) -> str:
        return f"{type(self).__name__} of {self.owner}: {self._balance:.2f}"

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}({self.account_number!r}, "
            f"{self.owner!r}, {self._balance!r})"
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Account):
            return NotImplemented
        return self.account_number == other.account_number

    def __hash__(self) -> int:
        return hash(self.account_number)


class SavingsAccount(Account):
    def __init__(
        self,
        account_number: str,
        owner: str,
        balance: float = 0.0,
        interest_rate: float = 0.02,
    ) -> None:
        super().__init__(account_number, owner, balance)
        self.interest_rate = interest_rate

    def withdraw(self, amount: float) -> None:
        if amount <= 0:
            raise ValueError("Withdrawal must be positive")
        if amount > self._balance:
            raise ValueError("Insufficient funds")
        self._balance -= amount
        self._record("withdraw", amount)

    def add_interest(self) -> None:
        interest = self._balance * self.interest_rate
        if interest > 0:
            self.deposit(interest)


class CheckingAccount(Account):
    def __init__(
        self,
        account_number: str,
        owner: str,
        balance: float = 0.0,
        overdraft_limit: float = 100.0,
    ) -> None:
        super().__init__(account_number, owner, balance)
        self.overdraft_limit = overdraft_limit

    def withdraw(self, amount: float) -> None:
        if amount <= 0:
            raise ValueError("Withdrawal must be positive")
        if amount > self._balance + self.overdraft_limit:
            raise ValueError("Overdraft limit exceeded")
        self._balance -= amount
        self._record("withdraw", amount)


class AccountManager:
    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}

    def add_account(self, account: Account) -> None:
        if account.account_number in self._accounts:
            raise ValueError("Account already exists")
        self._accounts[account.account_number] = account

    def get_account(self, account_number: str) -> Account:
        if account_number not in self._accounts:
            raise KeyError(account_number)
        return self._accounts[account_number]

    def remove_account(self, account_number: str) -> None:
        del self._accounts[account_number]

    def transfer(self, source: str, target: str, amount: float) -> None:
        giver = self.get_account(source)
        taker = self.get_account(target)
        giver.withdraw(amount)
        taker.deposit(amount)

    def total_balance(self) -> float:
        return sum(account.balance for account in self._accounts.values())
