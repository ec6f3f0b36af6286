"""A small bank: accounts, their kinds, and a manager that looks after them.

The names of the four classes, and `balance`, `deposit` and `withdraw`, are given. All else is yours: what the
constructors take, what the manager's methods are called, what an entry of the history looks like.
"""

from abc import ABC


class Account:
    """What all accounts have in common."""

    def __init__(self, owner: str, balance: float = 0.0) -> None:
        raise NotImplementedError

    @property
    def balance(self) -> float:
        """The money in the account. It can be read from outside, but not assigned."""

    def deposit(self, amount: float) -> None:
        """Puts money in, and adds an entry to the history."""
        raise NotImplementedError

    def withdraw(self, amount: float) -> None:
        """Takes money out, as far as there is enough, and adds an entry to the history."""
        raise NotImplementedError

    # Here belong `__str__`, `__repr__`, `__eq__` and the history, a list.


class SavingsAccount:
    """An account that bears interest."""

    def __init__(self) -> None:
        raise NotImplementedError


class CheckingAccount:
    """An account for every day; perhaps it may be overdrawn."""

    def __init__(self) -> None:
        raise NotImplementedError


class AccountManager:
    """Looks after several accounts, and finds them again."""

    def __init__(self) -> None:
        raise NotImplementedError
