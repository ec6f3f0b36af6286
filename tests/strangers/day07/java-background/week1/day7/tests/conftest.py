"""Fixtures for all the tests of the bank."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from unittest.mock import MagicMock, patch

import pytest
from banking import AccountManager, AuditService, CheckingAccount, SavingsAccount

FIXED = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


@pytest.fixture
def savings() -> SavingsAccount:
    return SavingsAccount("S1", "Ann", "1000", interest_rate="0.05", minimum=100)


@pytest.fixture
def checking() -> CheckingAccount:
    return CheckingAccount("C1", "Bob", "200", overdraft=300)


@pytest.fixture
def audit() -> MagicMock:
    """Stands in for the audit service of the supervisory authority."""
    return MagicMock(spec=AuditService)


@pytest.fixture
def manager(audit: MagicMock) -> AccountManager:
    return AccountManager(audit)


@pytest.fixture
def frozen_clock() -> Iterator[datetime]:
    with patch("banking.now", return_value=FIXED):
        yield FIXED
