"""`deposit`: adds exactly the amount, and refuses negative ones."""

import pytest
from grade_kit.suite import probe, requirement
from probes import KINDS, attempt, balance_of, draw_account, move, open_like


@probe
def deposits(day, account, amounts):
    """open {account}, deposit {amounts} one after the other: the balance after each"""
    mine = open_like(day, account)
    balances = []
    for amount in amounts:
        move(mine, "deposit", amount)
        balances.append(balance_of(mine))
    return balances


@probe
def deposit_below_zero(day, account, first, refused):
    """open {account}, deposit {first}, then try to deposit {refused} one after the other"""
    mine = open_like(day, account)
    move(mine, "deposit", first)
    return [attempt(mine, "deposit", amount) for amount in refused]


@requirement("deposit")
@pytest.mark.parametrize("kind", KINDS)
def test_each_deposit_adds_its_amount(candidate, rng, kind):
    """every deposit ({kind}) adds exactly its amount to the balance"""
    account = draw_account(rng, kind)
    amounts = [*rng.sample(range(2, 900), 3), 1]
    sums = [account["balance"] + sum(amounts[:count]) for count in (1, 2, 3, 4)]
    assert candidate.run(deposits, account, amounts) == sums


@requirement("deposit")
@pytest.mark.parametrize("kind", KINDS)
def test_a_negative_deposit_is_refused(candidate, rng, kind):
    """negative deposits ({kind}) are refused and leave the balance as it was"""
    account = draw_account(rng, kind)
    first = rng.randint(2, 900)
    seen = candidate.run(deposit_below_zero, account, first, [-1, -rng.randint(2, 900)])
    assert seen == [{"returned True": False, "balance": account["balance"] + first}] * 2
