"""Banking with dataclasses, Decimal and operators."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import ClassVar, NamedTuple, NewType

Money = NewType("Money", Decimal)
ZERO = Money(Decimal(0))


class Entry(NamedTuple):
    amount: Money
    balance: Money


@dataclass(eq=False, kw_only=True)
class Account:
    owner: str
    opening: Money = ZERO
    history: list[Entry] = field(default_factory=list, init=False, repr=False)
    number: int = field(init=False)

    _numbers: ClassVar[count[int]] = count(1001)

    def __post_init__(self) -> None:
        if type(self) is Account:
            raise NotImplementedError("open a savings or a checking account")
        self.number = next(Account._numbers)

    @property
    def balance(self) -> Money:
        return Money(self.opening + sum(entry.amount for entry in self.history))

    @property
    def floor(self) -> Money:
        """As low as the balance may fall."""
        return ZERO

    def deposit(self, amount: Money) -> Account:
        if not isinstance(amount, Decimal):
            raise TypeError("money is Decimal")
        if amount <= 0:
            raise ValueError(f"cannot deposit {amount}")
        return self._book(amount)

    def withdraw(self, amount: Money) -> Account:
        if not isinstance(amount, Decimal):
            raise TypeError("money is Decimal")
        if amount <= 0 or self.balance - amount < self.floor:
            raise ValueError(f"cannot withdraw {amount}")
        return self._book(Money(-amount))

    def _book(self, amount: Money) -> Account:
        self.history.insert(0, Entry(amount, Money(self.balance + amount)))
        return self

    def __str__(self) -> str:
        return f"{self.owner}: {self.balance}"

    def __eq__(self, other: object) -> bool:
        return self.number == other.number if isinstance(other, Account) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.number)


@dataclass(eq=False, kw_only=True)
class SavingsAccount(Account):
    rate: Decimal = Decimal("0.01")

    def accrue(self) -> None:
        self.deposit(Money(self.balance * self.rate))


@dataclass(eq=False, kw_only=True)
class CheckingAccount(Account):
    overdraft: Money = ZERO

    @property
    def floor(self) -> Money:
        return Money(-self.overdraft)


class AccountManager:
    def __init__(self, *accounts: Account) -> None:
        self._by_number = {account.number: account for account in accounts}

    def add(self, *accounts: Account) -> None:
        self._by_number |= {account.number: account for account in accounts}

    def __getitem__(self, number: int) -> Account:
        return self._by_number[number]

    def __delitem__(self, number: int) -> None:
        del self._by_number[number]

    def __iter__(self) -> Iterator[Account]:
        return iter(self._by_number.values())

    def __len__(self) -> int:
        return len(self._by_number)

    def __contains__(self, account: Account) -> bool:
        return account.number in self._by_number

    @property
    def total(self) -> Money:
        return Money(sum((account.balance for account in self), Decimal(0)))

    def transfer(self, amount: Money, *, source: Account, target: Account) -> None:
        source.withdraw(amount)
        target.deposit(amount)
