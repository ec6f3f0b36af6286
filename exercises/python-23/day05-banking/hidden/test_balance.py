"""`balance`: read like an attribute, always current, and not to be assigned."""

from grade_kit.names import raw
from grade_kit.suite import probe, requirement
from probes import (
    KINDS,
    balance_of,
    draw_account,
    move,
    number,
    open_like,
    seen_and_right,
)


@probe(shared=True)
def read(day, account, amount):
    """open {account}, read `account.balance`, deposit {amount}, read it again"""
    mine = raw(open_like(day, account))
    before = mine.balance
    move(mine, "deposit", amount)
    return ["a method" if callable(each) else number(each) for each in (before, mine.balance)]


@probe(shared=True)
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
def test_balance_is_read_like_an_attribute(candidate, rng):
    """`account.balance`, without brackets, is always the current balance, whatever the kind of account"""
    cases = []
    for kind in KINDS:
        account, amount = draw_account(rng, kind), rng.randint(1, 900)
        cases.append(([account, amount], [account["balance"], account["balance"] + amount]))
    for seen, right in seen_and_right(candidate, read, cases):
        assert seen == right


@requirement("read-only-balance")
def test_balance_cannot_be_assigned(candidate, rng):
    """assigning to `account.balance` is refused and changes nothing, whatever the kind of account"""
    cases = []
    for kind in KINDS:
        account = draw_account(rng, kind)
        right = {"assigning": "is refused", "balance": account["balance"]}
        cases.append(([account, rng.randint(10**5, 10**6)], right))
    for seen, right in seen_and_right(candidate, assign, cases):
        assert seen == right
