from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import datetime, timezone
from decimal import Decimal
from enum import Enum, auto
from typing import ClassVar, NamedTuple

from .exceptions import (
    AccountNotFoundError,
    InsufficientFundsError,
    InvalidAmountError,
)

CENT = Decimal("0.01")


class Kind(Enum):
    DEPOSIT = auto()
    WITHDRAWAL = auto()
    INTEREST = auto()


class Transaction(NamedTuple):
    kind: Kind
    amount: Decimal
    balance_after: Decimal
    at: datetime


class Account:
    """An account that may not go below zero."""

    _ids: ClassVar[Iterator[int]] = itertools.count(1)

    def __init__(self, owner: str, *, opening_balance: Decimal = Decimal(0)) -> None:
        self.owner = owner
        self.id = next(Account._ids)
        self.__balance = Decimal("0.00")
        self.__history: list[Transaction] = []
        if opening_balance:
            self.deposit(opening_balance)

    @staticmethod
    def _checked(amount: Decimal) -> Decimal:
        amount = Decimal(amount)
        if not amount.is_finite() or amount <= 0:
            raise InvalidAmountError(f"not an amount: {amount}")
        return amount.quantize(CENT)

    @property
    def balance(self) -> Decimal:
        return self.__balance

    @property
    def history(self) -> tuple[Transaction, ...]:
        return tuple(self.__history)

    @property
    def available(self) -> Decimal:
        return self.balance

    def _book(self, kind: Kind, change: Decimal) -> None:
        self.__balance += change
        self.__history.append(
            Transaction(kind, abs(change), self.__balance, datetime.now(timezone.utc))
        )

    def deposit(self, amount: Decimal) -> Decimal:
        self._book(Kind.DEPOSIT, self._checked(amount))
        return self.balance

    def withdraw(self, amount: Decimal) -> Decimal:
        amount = self._checked(amount)
        if amount > self.available:
            raise InsufficientFundsError(f"{amount} asked, {self.available} available")
        self._book(Kind.WITHDRAWAL, -amount)
        return self.balance

    def __str__(self) -> str:
        return f"#{self.id} {self.owner}: €{self.balance}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} id={self.id} owner={self.owner!r} balance={self.balance}>"

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self.owner == other.owner and self.balance == other.balance

    __hash__ = None  # type: ignore[assignment]


class SavingsAccount(Account):
    def __init__(
        self,
        owner: str,
        *,
        opening_balance: Decimal = Decimal(0),
        rate: Decimal = Decimal("0.01"),
    ) -> None:
        super().__init__(owner, opening_balance=opening_balance)
        self.rate = rate

    def apply_interest(self) -> Decimal:
        interest = (self.balance * self.rate).quantize(CENT)
        if interest:
            self._book(Kind.INTEREST, interest)
        return interest


class CheckingAccount(Account):
    def __init__(
        self,
        owner: str,
        *,
        opening_balance: Decimal = Decimal(0),
        overdraft: Decimal = Decimal(0),
    ) -> None:
        super().__init__(owner, opening_balance=opening_balance)
        self.overdraft = overdraft

    @property
    def available(self) -> Decimal:
        return self.balance + self.overdraft


class AccountManager:
    def __init__(self) -> None:
        self.__accounts: dict[int, Account] = {}

    def open(self, account: Account) -> int:
        self.__accounts[account.id] = account
        return account.id

    def close(self, account_id: int) -> Account:
        account = self[account_id]
        del self.__accounts[account_id]
        return account

    def __getitem__(self, account_id: int) -> Account:
        try:
            return self.__accounts[account_id]
        except KeyError:
            raise AccountNotFoundError(account_id) from None

    def __iter__(self) -> Iterator[Account]:
        return iter(self.__accounts.values())

    def __len__(self) -> int:
        return len(self.__accounts)

    def __contains__(self, account_id: object) -> bool:
        return account_id in self.__accounts

    def total(self) -> Decimal:
        return sum((account.balance for account in self), start=Decimal(0))
