"""Banking with whole cents and several currencies."""

from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from rates import ExchangeRates


class BankError(Exception):
    pass


class NotEnoughFunds(BankError):
    pass


class UnknownAccount(BankError, KeyError):
    pass


@dataclass(frozen=True)
class Transaction:
    kind: str
    cents: int
    when: date = field(default_factory=date.today)


class Account(ABC):
    """Amounts are ints (cents). The balance is the sum of the transactions."""

    kind: ClassVar[str] = "account"

    def __init__(self, iban: str, owner: str, currency: str = "EUR", cents: int = 0):
        self.iban = iban
        self.owner = owner
        self.currency = currency
        self.transactions: list[Transaction] = []
        if cents:
            self.deposit(cents)

    @property
    def balance(self) -> int:
        return sum(t.cents for t in self.transactions)

    @abstractmethod
    def limit(self) -> int:
        """The lowest balance that is allowed."""
        raise NotImplementedError

    @staticmethod
    def _check(cents: int) -> None:
        if isinstance(cents, bool) or not isinstance(cents, int):
            raise TypeError(f"cents must be int, not {type(cents).__name__}")
        if cents <= 0:
            raise ValueError("amount must be positive")

    def deposit(self, cents: int, kind: str = "deposit") -> int:
        self._check(cents)
        self.transactions.append(Transaction(kind, cents))
        return self.balance

    def withdraw(self, cents: int, kind: str = "withdrawal") -> int:
        self._check(cents)
        if self.balance - cents < self.limit():
            raise NotEnoughFunds(f"{self.iban}: {self.balance} - {cents} < {self.limit()}")
        self.transactions.append(Transaction(kind, -cents))
        return self.balance

    def __str__(self) -> str:
        sign = "-" if self.balance < 0 else ""
        euros, cents = divmod(abs(self.balance), 100)
        return f"{self.kind} {self.iban} ({self.owner}): {sign}{euros}.{cents:02d} {self.currency}"

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(iban={self.iban!r}, owner={self.owner!r}, "
            f"currency={self.currency!r}, balance={self.balance})"
        )

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Account):
            return self.iban == other.iban
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.iban)


class SavingsAccount(Account):
    kind = "savings"

    def __init__(self, *args, rate: float = 0.01, **kwargs):
        super().__init__(*args, **kwargs)
        self.rate = rate

    def limit(self) -> int:
        return 0

    def pay_interest(self) -> int:
        interest = round(self.balance * self.rate)
        if interest > 0:
            self.deposit(interest, kind="interest")
        return interest


class CheckingAccount(Account):
    kind = "checking"

    def __init__(self, *args, overdraft: int = 0, **kwargs):
        super().__init__(*args, **kwargs)
        self.overdraft = overdraft

    def limit(self) -> int:
        return -self.overdraft


class AccountManager:
    def __init__(self, rates: ExchangeRates | None = None):
        self.rates = rates or ExchangeRates()
        self.accounts: dict[str, Account] = {}

    def add(self, account: Account) -> Account:
        if account.iban in self.accounts:
            raise BankError(f"{account.iban} exists already")
        self.accounts[account.iban] = account
        return account

    def __getitem__(self, iban: str) -> Account:
        if iban not in self.accounts:
            raise UnknownAccount(iban)
        return self.accounts[iban]

    def transfer(self, source: str, target: str, cents: int) -> int:
        """Returns what arrives (in the currency of the target)."""
        a, b = self[source], self[target]
        arriving = round(cents * self.rates.rate(a.currency, b.currency))
        if arriving < 1 <= cents:
            raise ValueError("amount too small to be exchanged")
        a.withdraw(cents, kind="transfer")
        b.deposit(arriving, kind="transfer")
        return arriving

    def statistics(self) -> Counter[str]:
        """How often each kind of transaction happened."""
        return Counter(t.kind for a in self.accounts.values() for t in a.transactions)

    def wealth(self, owner: str, currency: str = "EUR") -> int:
        mine = (a for a in self.accounts.values() if a.owner == owner)
        return sum(round(a.balance * self.rates.rate(a.currency, currency)) for a in mine)
