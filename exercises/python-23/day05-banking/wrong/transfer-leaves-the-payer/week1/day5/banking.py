"""Accounts in which only a class that is no dataclass keeps its log."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, NewType, Protocol

AccountRef = NewType("AccountRef", str)


class InsufficientFunds(Exception):
    def __init__(self, missing: float) -> None:
        super().__init__(f"{missing:.2f} too little")
        self.missing = missing


class InterestPolicy(Protocol):
    def interest(self, balance: float) -> float: ...


class Flat:
    def __init__(self, rate: float) -> None:
        self.rate = rate

    def interest(self, balance: float) -> float:
        return balance * self.rate


class Account(ABC):
    def __init__(self, *, ref: AccountRef, holder_name: str, funds: float = 0.0) -> None:
        self.ref = ref
        self.holder_name = holder_name
        self.__funds = funds
        self.__log: list[tuple[str, float]] = []

    @property
    def balance(self) -> float:
        return self.__funds

    @classmethod
    def from_mapping(cls, row: Mapping[str, Any]) -> Account:
        return cls(ref=row["ref"], holder_name=row["holder"], funds=row.get("funds", 0))

    @abstractmethod
    def lowest(self) -> float: ...

    def deposit(self, amount: float) -> float:
        if amount <= 0:
            raise ValueError("amount")
        self.__funds += amount
        self.__log.append(("in", amount))
        return self.__funds

    def withdraw(self, amount: float) -> float:
        if amount <= 0:
            raise ValueError("amount")
        if self.__funds - amount < self.lowest():
            raise InsufficientFunds(amount - self.__funds + self.lowest())
        self.__funds -= amount
        self.__log.append(("out", amount))
        return amount

    def statement(self) -> str:
        return "\n".join(f"{what} {amount:.2f}" for what, amount in self.__log)

    def __str__(self) -> str:
        return f"[{self.ref}] {self.holder_name} has {self.balance:.2f}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}(ref={self.ref!r}, holder_name={self.holder_name!r}, funds={self.balance!r})"

    def __eq__(self, other: object) -> bool:
        match other:
            case Account():
                return self.ref == other.ref
            case _:
                return NotImplemented

    def __hash__(self) -> int:
        return hash(self.ref)


class SavingsAccount(Account):
    def __init__(
        self,
        *,
        ref: AccountRef,
        holder_name: str,
        funds: float = 0.0,
        policy: InterestPolicy = Flat(0.01),
    ) -> None:
        super().__init__(ref=ref, holder_name=holder_name, funds=funds)
        self.policy = policy

    def lowest(self) -> float:
        return 0.0

    def credit_interest(self) -> None:
        self.deposit(self.policy.interest(self.balance))


class CheckingAccount(Account):
    overdraft = 50.0

    def lowest(self) -> float:
        return -self.overdraft


class AccountManager:
    def __init__(self) -> None:
        self.__book: dict[AccountRef, Account] = {}

    def enrol(self, account: Account) -> None:
        self.__book[account.ref] = account

    def whose(self, ref: AccountRef) -> Account | None:
        return self.__book.get(ref)

    def wire(self, payer: Account, payee: Account, amount: float) -> None:
        if payer.balance - amount < payer.lowest():
            raise InsufficientFunds(amount - payer.balance)
        payee.deposit(amount)

    def forget(self, ref: AccountRef) -> None:
        del self.__book[ref]

    def __len__(self) -> int:
        return len(self.__book)
