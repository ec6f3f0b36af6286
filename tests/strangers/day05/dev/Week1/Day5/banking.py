from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol


@dataclass(frozen=True)
class Customer:
    name: str
    email: str = ""


class Clock(Protocol):
    def __call__(self) -> datetime: ...


@dataclass(frozen=True, order=True)
class Entry:
    when: datetime
    what: Literal["deposit", "withdrawal"] = field(compare=False)
    amount: float = field(compare=False)


class Account(ABC):
    """Template methods; a subclass only says how low it may go."""

    def __init__(
        self,
        customer: Customer,
        initial_deposit: float = 0,
        *,
        clock: Clock = datetime.now,
    ) -> None:
        self.customer = customer
        self.number = uuid.uuid4().hex[:10]
        self._clock = clock
        self._entries: list[Entry] = []
        self._balance = 0.0
        if initial_deposit:
            self.deposit(initial_deposit)

    @property
    @abstractmethod
    def floor(self) -> float:
        """The lowest balance allowed."""

    @property
    def balance(self) -> float:
        return round(self._balance, 2)

    def get_history(self) -> list[Entry]:
        return list(self._entries)

    def deposit(self, amount: float) -> Account:
        self._require_positive(amount)
        self._balance += amount
        self._entries.append(Entry(self._clock(), "deposit", amount))
        return self

    def withdraw(self, amount: float) -> Account:
        self._require_positive(amount)
        if round(self._balance - amount, 2) < self.floor:
            raise ValueError(f"the balance may not go below {self.floor}")
        self._balance -= amount
        self._entries.append(Entry(self._clock(), "withdrawal", amount))
        return self

    @staticmethod
    def _require_positive(amount: float) -> None:
        if isinstance(amount, bool) or not isinstance(amount, (int, float)):
            raise TypeError("amount must be a number")
        if not 0 < amount < float("inf"):
            raise ValueError("amount must be positive")

    def __str__(self) -> str:
        return f"{self.customer.name}'s {type(self).__name__} ({self.balance:,.2f})"

    def __repr__(self) -> str:
        return f"{type(self).__name__}(customer={self.customer!r}, balance={self.balance!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Account):
            return NotImplemented
        return (type(self), self.customer, self.balance) == (
            type(other),
            other.customer,
            other.balance,
        )

    def __hash__(self) -> int:
        return hash((type(self), self.customer))


class SavingsAccount(Account):
    minimum = 0.0

    @property
    def floor(self) -> float:
        return self.minimum

    def accrue(self, rate: float) -> None:
        self.deposit(round(self.balance * rate, 2))


class CheckingAccount(Account):
    def __init__(
        self,
        customer: Customer,
        initial_deposit: float = 0,
        overdraft: float = 0,
        *,
        clock: Clock = datetime.now,
    ) -> None:
        super().__init__(customer, initial_deposit, clock=clock)
        self._overdraft = overdraft

    @property
    def floor(self) -> float:
        return -self._overdraft


class AccountManager:
    """Keeps accounts by their number."""

    def __init__(self, *accounts: Account) -> None:
        self._by_number = {account.number: account for account in accounts}

    def register(self, account: Account) -> str:
        self._by_number[account.number] = account
        return account.number

    def lookup(self, number: str) -> Account:
        return self._by_number[number]

    def unregister(self, number: str) -> None:
        self._by_number.pop(number)

    def accounts_of(self, customer: Customer) -> list[Account]:
        return [a for a in self._by_number.values() if a.customer == customer]

    def transfer(self, amount: float, from_: str, to: str) -> None:
        source, target = self.lookup(from_), self.lookup(to)
        source.withdraw(amount)
        target.deposit(amount)

    @property
    def total(self) -> float:
        return sum(a.balance for a in self._by_number.values())
