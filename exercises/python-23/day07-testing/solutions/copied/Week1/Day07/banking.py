"""Accounts that count whole cents. The base leaves `withdraw` to its subclasses."""

import threading
import uuid
from typing import Any, TypeVar

A = TypeVar("A", bound="Account")


class BankError(Exception):
    pass


class Account:
    __slots__ = ("__cents", "_lock", "history", "id", "name")

    def __init__(self, name: str, *, deposit_cents: int = 0, account_id: str | None = None) -> None:
        if not isinstance(deposit_cents, int):
            raise TypeError("cents are whole numbers")
        self.id = account_id or uuid.uuid4().hex
        self.name = name
        self.history: list[tuple[str, int]] = []
        self._lock = threading.RLock()
        self.__cents = 0
        if deposit_cents:
            self.deposit(deposit_cents)

    @property
    def balance(self) -> int:
        with self._lock:
            return self.__cents

    def deposit(self, cents: int) -> int:
        return self._move("in", cents, cents)

    def withdraw(self, cents: int) -> int:
        raise NotImplementedError("kinds of accounts say what may be withdrawn")

    def _move(self, what: str, cents: int, change: int) -> int:
        if not isinstance(cents, int) or cents <= 0:
            raise BankError(f"{cents} is no amount")
        with self._lock:
            self.__cents += change
            self.history.append((what, cents))
            return self.__cents

    def __eq__(self, other: object) -> bool:
        match other:
            case Account(id=str(other_id)):
                return self.id == other_id
            case _:
                return False

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(name={self.name!r}, account_id={self.id!r})"

    __str__ = __repr__


class SavingsAccount(Account):
    """At most three withdrawals."""

    __slots__ = ("withdrawals_left",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.withdrawals_left = 3

    def withdraw(self, cents: int) -> int:
        if not self.withdrawals_left or cents > self.balance:
            raise BankError("not possible")
        left = self._move("out", cents, -cents)
        self.withdrawals_left -= 1
        return left


class CheckingAccount(Account):
    __slots__ = ("overdraft_limit",)

    def __init__(self, *args: Any, overdraft_limit: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.overdraft_limit = overdraft_limit

    def withdraw(self, cents: int) -> int:
        if cents > self.balance + self.overdraft_limit:
            raise BankError("not enough")
        return self._move("out", cents, -cents)


class AccountManager:
    def __init__(self) -> None:
        self._accounts: list[Account] = []

    def open(self, cls: type[A], *args: Any, **kwargs: Any) -> A:
        account = cls(*args, **kwargs)
        self._accounts.append(account)
        return account

    def find_by_owner(self, name: str) -> list[Account]:
        return [account for account in self._accounts if account.name == name]

    def total(self, name: str | None = None) -> int:
        return sum(account.balance for account in self._accounts if name in (None, account.name))
