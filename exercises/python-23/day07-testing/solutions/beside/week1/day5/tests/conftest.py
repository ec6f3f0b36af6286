"""What all tests of the bank need."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import count

import pytest
from banking import Account, AccountManager, CheckingAccount, Money, SavingsAccount

Euro = Callable[[str], Money]


@pytest.fixture
def euro() -> Euro:
    return lambda text: Money(Decimal(text))


@pytest.fixture
def ann(euro: Euro) -> SavingsAccount:
    return SavingsAccount(owner="Ann", opening=euro("100"))


@pytest.fixture
def bob(euro: Euro) -> CheckingAccount:
    return CheckingAccount(owner="Bob", opening=euro("20"), overdraft=euro("30"))


@pytest.fixture
def manager(ann: SavingsAccount, bob: CheckingAccount) -> AccountManager:
    return AccountManager(ann, bob)


@pytest.fixture(autouse=True)
def numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers begin anew for every test."""
    monkeypatch.setattr(Account, "_numbers", count(1001))
