"""`withdraw`: takes the amount, never more than there is, nothing negative.

A checking account may allow an overdraft, a savings account may insist on a minimum, and either may charge a fee.
"""

import pytest
from grade_kit.names import raw
from grade_kit.suite import helper, probe, requirement
from probes import KINDS, attempt, balance_of, draw_account, draw_accounts, move, open_like


@probe
def taken(day, account, amount):
    """open {account}, withdraw {amount}: by how much the balance went down"""
    mine = open_like(day, account)
    before = balance_of(mine)
    move(mine, "withdraw", amount)
    return before - balance_of(mine)


@probe
def too_much(day, account, first, over, far_over):
    """open {account}, withdraw {first}, then try to withdraw {over} more than is left ({far_over} more from a checking account)"""
    mine = open_like(day, account)
    move(mine, "withdraw", first)
    left = balance_of(mine)
    seen = attempt(
        mine, "withdraw", int(left) + (far_over if type(raw(mine)).__name__ == "CheckingAccount" else over)
    )
    return {"returned True": seen["returned True"], "balance changed by": seen["balance"] - left}


@probe
def withdraw_below_zero(day, account, first, refused):
    """open {account}, deposit {first}, then try to withdraw {refused}"""
    mine = open_like(day, account)
    move(mine, "deposit", first)
    return attempt(mine, "withdraw", refused)


@helper
def names_a_minimum(day, account):
    """Whether a minimum balance is mentioned among the names of the account, its class or the module."""
    found = [*dir(raw(account)), *vars(raw(day.banking))]
    return any(word in ("min", "minimum") for name in found for word in name.lower().split("_"))


@probe
def emptied(day, accounts):
    """open {accounts} and withdraw all that is in each, fees aside: can one of them be emptied"""
    for described in accounts:
        twin = open_like(day, described)
        move(twin, "withdraw", 50)
        fee = described["balance"] - 50 - balance_of(twin)
        mine = open_like(day, described)
        balance = balance_of(mine)
        for amount in (balance, balance - fee):
            try:
                move(mine, "withdraw", amount)
            except Exception:
                continue
            if balance_of(mine) in (0, -fee):
                return "one can be emptied"
    return "there is a minimum" if names_a_minimum(day, mine) else "none can be emptied"


@requirement("withdraw")
@pytest.mark.parametrize("kind", KINDS)
def test_a_withdrawal_takes_its_amount(candidate, rng, kind):
    """a withdrawal ({kind}) takes its amount from the balance, and a small fee at most"""
    amount = rng.randint(100, 200)
    gone = candidate.run(taken, draw_account(rng, kind), amount)
    assert amount <= gone <= amount + 50, "the balance should go down by the amount"


@requirement("withdraw")
@pytest.mark.parametrize("kind", KINDS)
def test_more_than_there_is_cannot_be_withdrawn(candidate, rng, kind):
    """a withdrawal ({kind}) of more than may be taken is refused and leaves the balance as it was"""
    account = draw_account(rng, kind)
    seen = candidate.run(
        too_much, account, rng.randint(20, 200), rng.randint(1, 20), rng.randint(10**6, 10**7)
    )
    assert seen == {"returned True": False, "balance changed by": 0}


@requirement("withdraw")
@pytest.mark.parametrize("kind", KINDS)
def test_a_negative_withdrawal_is_refused(candidate, rng, kind):
    """a negative withdrawal ({kind}) is refused and leaves the balance as it was"""
    account = draw_account(rng, kind)
    first, refused = rng.randint(1, 900), -rng.randint(1, 900)
    seen = candidate.run(withdraw_below_zero, account, first, refused)
    assert seen == {"returned True": False, "balance": account["balance"] + first}


@requirement("withdraw")
def test_an_account_can_be_emptied(candidate, rng):
    """all that is in an account can be withdrawn, unless there is a minimum balance"""
    accounts = [{**account, "kind": kind} for account, kind in zip(draw_accounts(rng, 3), KINDS, strict=True)]
    seen = candidate.run(emptied, accounts)
    assert seen == "there is a minimum" or seen == "one can be emptied", (
        "taking out exactly the balance should be possible"
    )
