"""Money is counted in whole cents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Union


@dataclass(frozen=True)
class Transaction:
    description: str
    cents: int


@dataclass
class Account:
    name: str
    _cents: int = field(default=0, kw_only=True)
    history: list[Transaction] = field(default_factory=list, kw_only=True, compare=False)

    @property
    def balance(self) -> int:
        return self._cents

    def _can_spend(self, amount: int) -> bool:
        return amount <= self._cents

    def deposit(self, amount: int) -> bool:
        if amount <= 0:
            return False
        self._cents += amount
        self.history.append(Transaction("deposit", amount))
        return True

    def withdraw(self, amount: int) -> bool:
        if amount <= 0 or not self._can_spend(amount):
            return False
        self._cents -= amount
        self.history.append(Transaction("withdrawal", -amount))
        return True

    def __str__(self) -> str:
        sign = "-" if self._cents < 0 else ""
        return f"{self.name}: {sign}{abs(self._cents) // 100}.{abs(self._cents) % 100:02}"


@dataclass
class SavingsAccount(Account):
    rate_percent: int = field(default=2, kw_only=True)

    def pay_interest(self) -> int:
        interest = self._cents * self.rate_percent // 100
        self.deposit(interest)
        return interest


@dataclass
class CheckingAccount(Account):
    limit: int = field(default=0, kw_only=True)

    def _can_spend(self, amount: int) -> bool:
        return amount <= self._cents + self.limit


AnyAccount = Union[SavingsAccount, CheckingAccount]


class AccountManager:
    KINDS: dict[str, type[AnyAccount]] = {
        "savings": SavingsAccount,
        "checking": CheckingAccount,
    }

    def __init__(self) -> None:
        self.accounts: dict[str, AnyAccount] = {}

    def create(self, kind: str, name: str) -> AnyAccount:
        if name in self.accounts:
            raise ValueError(f"{name} has an account already")
        account = self.KINDS[kind](name)
        self.accounts[name] = account
        return account

    def find(self, name: str) -> AnyAccount | None:
        return self.accounts.get(name)

    def delete(self, name: str) -> bool:
        return self.accounts.pop(name, None) is not None

    def move(self, amount: int, *, source: str, target: str) -> bool:
        giver, taker = self.find(source), self.find(target)
        if giver is None or taker is None:
            return False
        return giver.withdraw(amount) and taker.deposit(amount)
