"""The balance is not stored: it is the sum of what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import total_ordering
from typing import Generic, TypeVar, Union

Money = Union[Decimal, int, str]


class Refused(ValueError):
    """The bank says no."""


class Overdrawn(Refused):
    pass


def money(value: Money) -> Decimal:
    if isinstance(value, float):
        value = str(value)
    return Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_EVEN)


@total_ordering
class Account:
    """Base class: it does not know how to withdraw."""

    kind = "account"

    def __init__(self, iban: str, holder: str) -> None:
        self._iban = iban
        self.holder = holder
        self._movements: list[tuple[str, Decimal]] = []

    @property
    def iban(self) -> str:
        return self._iban

    @property
    def balance(self) -> Decimal:
        return sum((amount for _, amount in self._movements), Decimal("0.00"))

    def transaction_history(self) -> list[tuple[str, Decimal]]:
        return self._movements[:]

    def deposit(self, amount: Money, note: str = "deposit") -> None:
        cash = money(amount)
        if cash <= 0:
            raise Refused(f"cannot deposit {cash}")
        self._movements.append((note, cash))

    def withdraw(self, amount: Money, note: str = "withdrawal") -> None:
        raise NotImplementedError(f"{type(self).__name__}.withdraw")

    def _take(self, amount: Money, note: str, reserve: Decimal) -> None:
        cash = money(amount)
        if cash <= 0:
            raise Refused(f"cannot withdraw {cash}")
        if cash > self.balance + reserve:
            raise Overdrawn(f"{cash} is more than {self.balance + reserve}")
        self._movements.append((note, -cash))

    def __str__(self) -> str:
        return f"{self.kind} {self.iban} ({self.holder}): {self.balance} EUR"

    def __repr__(self) -> str:
        return f"{type(self).__qualname__}(iban={self.iban!r}, holder={self.holder!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Account) and self.iban == other.iban

    def __lt__(self, other: Account) -> bool:
        return self.iban < other.iban

    def __hash__(self) -> int:
        return hash(self.iban)


class SavingsAccount(Account):
    kind = "savings account"

    def __init__(self, iban: str, holder: str, yearly: Fraction = Fraction(1, 100)):
        super().__init__(iban, holder)
        self.yearly = yearly

    def withdraw(self, amount: Money, note: str = "withdrawal") -> None:
        self._take(amount, note, Decimal(0))

    def end_year(self) -> None:
        cents = int(self.balance * 100) * self.yearly
        if cents >= 1:
            self.deposit(Decimal(int(cents)) / 100, "interest")


class CheckingAccount(Account):
    kind = "checking account"

    def __init__(self, iban: str, holder: str, credit: Money = 0) -> None:
        super().__init__(iban, holder)
        self.credit = money(credit)

    def withdraw(self, amount: Money, note: str = "withdrawal") -> None:
        self._take(amount, note, self.credit)


A = TypeVar("A", bound=Account)


class AccountManager(Generic[A]):
    def __init__(self, accounts: Iterable[A] = ()) -> None:
        self._accounts: dict[str, A] = {}
        for account in accounts:
            self.include(account)

    def include(self, account: A) -> None:
        if account.iban in self._accounts:
            raise Refused(f"{account.iban} is taken")
        self._accounts[account.iban] = account

    def by_iban(self, iban: str) -> A:
        return self._accounts[iban]

    def where(self, test: Callable[[A], bool]) -> list[A]:
        return sorted(filter(test, self._accounts.values()))

    def send(self, source: str, target: str, amount: Money) -> None:
        to = self.by_iban(target)
        self.by_iban(source).withdraw(amount, f"to {target}")
        to.deposit(amount, f"from {source}")

    def __len__(self) -> int:
        return len(self._accounts)
