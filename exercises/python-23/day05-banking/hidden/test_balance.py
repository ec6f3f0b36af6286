"""`balance`: read like an attribute, always current, and not to be assigned."""

import pytest
from grade_kit.names import raw
from grade_kit.suite import probe, requirement
from probes import KINDS, balance_of, draw_account, move, number, open_like


@probe
def read(day, account, amount):
    """open {account}, read `account.balance`, deposit {amount}, read it again"""
    mine = raw(open_like(day, account))
    before = mine.balance
    move(mine, "deposit", amount)
    return ["a method" if callable(each) else number(each) for each in (before, mine.balance)]


@probe
def assign(day, account, amount):
    """open {account}, then try `account.balance = {amount}`"""
    mine = raw(open_like(day, account))
    before = mine.balance
    try:
        mine.balance = type(before)(amount)
    except Exception:
        return {"assigning": "is refused", "balance": balance_of(mine)}
    return {"assigning": "works", "balance": balance_of(mine)}


@requirement("read-only-balance")
@pytest.mark.parametrize("kind", KINDS)
def test_balance_is_read_like_an_attribute(candidate, rng, kind):
    """`account.balance` ({kind}), without brackets, is always the current balance"""
    account = draw_account(rng, kind)
    amount = rng.randint(1, 900)
    assert candidate.run(read, account, amount) == [account["balance"], account["balance"] + amount]


@requirement("read-only-balance")
@pytest.mark.parametrize("kind", KINDS)
def test_balance_cannot_be_assigned(candidate, rng, kind):
    """assigning to `account.balance` ({kind}) is refused and changes nothing"""
    account = draw_account(rng, kind)
    seen = candidate.run(assign, account, rng.randint(10**5, 10**6))
    assert seen == {"assigning": "is refused", "balance": account["balance"]}
