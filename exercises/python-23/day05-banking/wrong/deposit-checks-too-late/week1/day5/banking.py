"""A small bank: accounts, their kinds, and a manager that looks after them."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime


class InsufficientFundsError(Exception):
    """There is less in the account than should be taken out."""


@dataclass(frozen=True)
class Transaction:
    """One thing that happened to an account."""

    kind: str
    amount: float
    balance_after: float
    timestamp: datetime = field(default_factory=datetime.now)


class Account(ABC):
    """What all accounts have in common."""

    def __init__(self, account_number: str, owner: str, balance: float = 0.0) -> None:
        if balance < 0:
            raise ValueError("the opening balance cannot be negative")
        self.account_number = account_number
        self.owner = owner
        self._balance = balance
        self._transactions: list[Transaction] = []

    @property
    def balance(self) -> float:
        """The money in the account."""
        return self._balance

    @property
    def transactions(self) -> list[Transaction]:
        """A copy of the history, oldest first."""
        return list(self._transactions)

    @property
    @abstractmethod
    def account_type(self) -> str:
        """What kind of account this is, in words."""
        raise NotImplementedError

    def deposit(self, amount: float) -> None:
        """Puts money in."""
        self._balance += amount
        if amount <= 0:
            raise ValueError("a deposit must be positive")
        self._record("deposit", amount)

    def withdraw(self, amount: float) -> None:
        """Takes money out, as far as there is enough."""
        if amount <= 0:
            raise ValueError("a withdrawal must be positive")
        if amount > self._available():
            raise InsufficientFundsError(f"cannot withdraw {amount:.2f}, available: {self._available():.2f}")
        self._balance -= amount
        self._record("withdrawal", amount)

    def _available(self) -> float:
        return self._balance

    def _record(self, kind: str, amount: float) -> None:
        self._transactions.append(Transaction(kind, amount, self._balance))

    def __str__(self) -> str:
        return f"{self.account_type} {self.account_number} ({self.owner}): ${self._balance:,.2f}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.account_number!r}, {self.owner!r}, {self._balance!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Account):
            return NotImplemented
        return self.account_number == other.account_number

    def __hash__(self) -> int:
        return hash(self.account_number)


class SavingsAccount(Account):
    """An account that bears interest."""

    def __init__(
        self, account_number: str, owner: str, balance: float = 0.0, interest_rate: float = 0.02
    ) -> None:
        super().__init__(account_number, owner, balance)
        self.interest_rate = interest_rate

    @property
    def account_type(self) -> str:
        return "Savings account"

    def apply_interest(self) -> None:
        """Adds a year's interest."""
        self.deposit(self._balance * self.interest_rate)


class CheckingAccount(Account):
    """An account that may be overdrawn, up to a limit."""

    def __init__(
        self, account_number: str, owner: str, balance: float = 0.0, overdraft_limit: float = 100.0
    ) -> None:
        super().__init__(account_number, owner, balance)
        self.overdraft_limit = overdraft_limit

    @property
    def account_type(self) -> str:
        return "Checking account"

    def _available(self) -> float:
        return self._balance + self.overdraft_limit


class AccountManager:
    """Looks after accounts, by number."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}

    def add_account(self, account: Account) -> None:
        """Takes an account in."""
        if account.account_number in self._accounts:
            raise ValueError(f"there is an account {account.account_number} already")
        self._accounts[account.account_number] = account

    def get_account(self, account_number: str) -> Account:
        """Returns the account with this number. Raises KeyError."""
        return self._accounts[account_number]

    def remove_account(self, account_number: str) -> None:
        """Forgets an account. Raises KeyError."""
        del self._accounts[account_number]

    def list_accounts(self) -> list[Account]:
        """Returns all accounts."""
        return list(self._accounts.values())

    def total_balance(self) -> float:
        """Returns what all accounts hold together."""
        return sum(account.balance for account in self._accounts.values())

    def transfer(self, from_number: str, to_number: str, amount: float) -> None:
        """Moves money from one account to another."""
        source = self.get_account(from_number)
        target = self.get_account(to_number)
        source.withdraw(amount)
        target.deposit(amount)
