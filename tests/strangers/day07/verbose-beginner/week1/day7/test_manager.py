# Unit tests of the manager (with mock accounts) and integration tests (with real ones)
import json
from unittest.mock import Mock, patch

import pytest

from banking import AccountManager, NotEnoughMoneyError, SavingsAccount, main

# ---------- unit: the accounts are mocks ----------


@pytest.fixture
def mock_accounts():
    first = Mock(account_number="A", balance=10)
    second = Mock(account_number="B", balance=20)
    return first, second


@pytest.fixture
def mock_manager(mock_accounts):
    manager = AccountManager()
    for account in mock_accounts:
        manager.add_account(account)
    return manager


def test_transfer_calls_both(mock_manager, mock_accounts):
    first, second = mock_accounts
    mock_manager.transfer("A", "B", 5)
    first.withdraw.assert_called_once_with(5)
    second.deposit.assert_called_once_with(5)


def test_no_deposit_if_withdraw_fails(mock_manager, mock_accounts):
    first, second = mock_accounts
    first.withdraw.side_effect = NotEnoughMoneyError
    with pytest.raises(NotEnoughMoneyError):
        mock_manager.transfer("A", "B", 5)
    second.deposit.assert_not_called()


def test_total(mock_manager):
    assert mock_manager.total_balance() == 30


@pytest.mark.parametrize("pair", [("A", "X"), ("X", "A")])
def test_transfer_unknown(mock_manager, mock_accounts, pair):
    with pytest.raises(KeyError):
        mock_manager.transfer(*pair, 5)
    for account in mock_accounts:
        account.withdraw.assert_not_called()


def test_save_writes_the_file(manager):
    # the file system is an external dependency
    with patch("banking.Path.write_text") as write:
        manager.save("bank.json")
    text = write.call_args.args[0]
    assert [x["type"] for x in json.loads(text)] == ["SavingsAccount", "CheckingAccount"]


# ---------- integration ----------


def test_add_get_remove(manager, savings):
    assert manager.get_account("S1") is savings
    manager.remove_account("S1")
    with pytest.raises(KeyError):
        manager.get_account("S1")
    with pytest.raises(KeyError):
        manager.remove_account("S1")


def test_add_twice(manager):
    with pytest.raises(ValueError):
        manager.add_account(SavingsAccount("S1", "Eve"))


@pytest.mark.parametrize(
    "source, target, amount, savings_after, checking_after",
    [
        ("S1", "C1", 100, 0, 150),
        ("S1", "C1", 0.5, 99.5, 50.5),
        ("C1", "S1", 150, 250, -100),
    ],
)
def test_transfer(manager, source, target, amount, savings_after, checking_after):
    manager.transfer(source, target, amount)
    assert manager.get_account("S1").balance == savings_after
    assert manager.get_account("C1").balance == checking_after
    assert manager.total_balance() == 150


def test_transfer_too_much(manager):
    with pytest.raises(NotEnoughMoneyError):
        manager.transfer("S1", "C1", 100.01)
    assert manager.get_account("S1").balance == 100
    assert manager.get_account("C1").balance == 50


def test_whole_story(manager, tmp_path):
    manager.get_account("C1").deposit(450)
    manager.transfer("C1", "S1", 400)
    manager.get_account("S1").add_interest()
    manager.save(tmp_path / "bank.json")
    data = json.loads((tmp_path / "bank.json").read_text())
    assert data[0]["balance"] == 525
    assert [t["kind"] for t in data[0]["transactions"]] == ["deposit", "interest"]
    assert [t["kind"] for t in data[1]["transactions"]] == ["deposit", "withdraw"]


def test_main(capsys):
    main()
    out = capsys.readouterr().out
    assert "Account S1 (Anna): 220.00 EUR" in out
    assert "Account C1 (Anna): -70.00 EUR" in out
