"""A small bank: accounts, transactions and their manager."""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from typing import Protocol

CENT = Decimal("0.01")


class BankingError(Exception):
    """Base class."""


class InvalidAmountError(BankingError):
    pass


class InsufficientFundsError(BankingError):
    def __init__(self, needed: Decimal, available: Decimal) -> None:
        super().__init__(f"needed {needed}, available {available}")
        self.needed = needed
        self.available = available


class AccountNotFoundError(BankingError):
    pass


class TransactionType(Enum):
    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"
    INTEREST = "interest"
    TRANSFER_IN = "transfer in"
    TRANSFER_OUT = "transfer out"


@dataclass(frozen=True)
class Transaction:
    type: TransactionType
    amount: Decimal
    balance_after: Decimal
    timestamp: datetime

    def __str__(self) -> str:
        return f"{self.timestamp:%Y-%m-%d} {self.type.value:<12} {self.amount:>10} {self.balance_after:>10}"


class AuditService(Protocol):
    """Somewhere outside: receives suspicious transfers."""

    def report(self, message: str) -> None: ...


def to_money(value: Decimal | int | str) -> Decimal:
    if isinstance(value, (bool, float)):
        raise InvalidAmountError(f"use Decimal, int or str for money, not {type(value).__name__}")
    try:
        amount = Decimal(value).quantize(CENT, rounding=ROUND_HALF_UP)
    except ArithmeticError as exc:
        raise InvalidAmountError(f"not an amount: {value!r}") from exc
    if not amount.is_finite():
        raise InvalidAmountError(f"not an amount: {value!r}")
    return amount


def now() -> datetime:
    return datetime.now(UTC)


class Account(ABC):
    """Abstract account."""

    def __init__(self, number: str, owner: str, balance: Decimal | int | str = 0) -> None:
        start = to_money(balance)
        if start < 0:
            raise InvalidAmountError("an account cannot be opened with a negative balance")
        self._number = number
        self._owner = owner
        self._balance = start
        self._history: list[Transaction] = []

    @property
    def number(self) -> str:
        return self._number

    @property
    def owner(self) -> str:
        return self._owner

    @property
    def balance(self) -> Decimal:
        return self._balance

    @property
    def history(self) -> list[Transaction]:
        return list(self._history)

    @property
    @abstractmethod
    def available(self) -> Decimal:
        """How much may be withdrawn."""

    @property
    @abstractmethod
    def kind(self) -> str: ...

    def deposit(self, amount: Decimal | int | str) -> None:
        self._book(TransactionType.DEPOSIT, self._positive(amount))

    def withdraw(self, amount: Decimal | int | str) -> None:
        self._take(TransactionType.WITHDRAWAL, self._positive(amount))

    @staticmethod
    def _positive(amount: Decimal | int | str) -> Decimal:
        money = to_money(amount)
        if money <= 0:
            raise InvalidAmountError(f"amount must be positive, not {money}")
        return money

    def _take(self, type_: TransactionType, amount: Decimal) -> None:
        if amount > self.available:
            raise InsufficientFundsError(amount, self.available)
        self._book(type_, -amount)

    def _book(self, type_: TransactionType, amount: Decimal) -> None:
        self._balance += amount
        self._history.append(Transaction(type_, amount, self._balance, now()))

    def __str__(self) -> str:
        return f"{self.kind} account {self._number} of {self._owner}: {self._balance}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._number!r}, {self._owner!r}, {str(self._balance)!r})"

    def __eq__(self, other: object) -> bool:
        """Accounts are the same if they have the same number."""
        if not isinstance(other, Account):
            return NotImplemented
        return self._number == other._number

    def __hash__(self) -> int:
        return hash(self._number)


class SavingsAccount(Account):
    def __init__(
        self,
        number: str,
        owner: str,
        balance: Decimal | int | str = 0,
        interest_rate: Decimal | str = "0.02",
        minimum: Decimal | int | str = 0,
    ) -> None:
        super().__init__(number, owner, balance)
        self.interest_rate = Decimal(interest_rate)
        self.minimum = to_money(minimum)

    @property
    def kind(self) -> str:
        return "Savings"

    @property
    def available(self) -> Decimal:
        return max(self.balance - self.minimum, Decimal("0.00"))

    def add_interest(self) -> Decimal:
        interest = to_money(self.balance * self.interest_rate)
        if interest > 0:
            self._book(TransactionType.INTEREST, interest)
        return interest


class CheckingAccount(Account):
    def __init__(
        self,
        number: str,
        owner: str,
        balance: Decimal | int | str = 0,
        overdraft: Decimal | int | str = 0,
    ) -> None:
        super().__init__(number, owner, balance)
        self.overdraft = to_money(overdraft)

    @property
    def kind(self) -> str:
        return "Checking"

    @property
    def available(self) -> Decimal:
        return self.balance + self.overdraft


class AccountManager:
    """Opens, finds and closes accounts, moves money between them."""

    AUDIT_LIMIT = Decimal(10_000)

    def __init__(self, audit: AuditService | None = None) -> None:
        self._accounts: dict[str, Account] = {}
        self._numbers = itertools.count(1)
        self._audit = audit

    def open_savings(self, owner: str, balance: Decimal | int | str = 0, **options: Decimal | str) -> SavingsAccount:
        account = SavingsAccount(self._next_number("S"), owner, balance, **options)
        self._accounts[account.number] = account
        return account

    def open_checking(self, owner: str, balance: Decimal | int | str = 0, **options: Decimal | str) -> CheckingAccount:
        account = CheckingAccount(self._next_number("C"), owner, balance, **options)
        self._accounts[account.number] = account
        return account

    def _next_number(self, prefix: str) -> str:
        return f"{prefix}{next(self._numbers):06d}"

    def get(self, number: str) -> Account:
        try:
            return self._accounts[number]
        except KeyError:
            raise AccountNotFoundError(number) from None

    def close(self, number: str) -> Account:
        account = self.get(number)
        if account.balance != 0:
            raise BankingError(f"account {number} still has {account.balance}")
        return self._accounts.pop(number)

    def accounts_of(self, owner: str) -> list[Account]:
        return [a for a in self if a.owner == owner]

    def total(self) -> Decimal:
        return sum((a.balance for a in self), Decimal("0.00"))

    def transfer(self, source: str, target: str, amount: Decimal | int | str) -> None:
        if source == target:
            raise BankingError("source and target are the same account")
        from_account, to_account = self.get(source), self.get(target)
        money = Account._positive(amount)
        from_account._take(TransactionType.TRANSFER_OUT, money)
        to_account._book(TransactionType.TRANSFER_IN, money)
        if self._audit is not None and money >= self.AUDIT_LIMIT:
            self._audit.report(f"{source} -> {target}: {money}")

    def add_interest(self) -> Decimal:
        savings = [a for a in self if isinstance(a, SavingsAccount)]
        return sum((a.add_interest() for a in savings), Decimal("0.00"))

    def __len__(self) -> int:
        return len(self._accounts)

    def __iter__(self) -> Iterator[Account]:
        return iter(list(self._accounts.values()))

    def __contains__(self, number: object) -> bool:
        return number in self._accounts
