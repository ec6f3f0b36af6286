"""`deposit`: adds exactly the amount, and refuses negative ones."""

from grade_kit.suite import probe, requirement
from probes import (
    KINDS,
    attempt,
    balance_of,
    draw_account,
    move,
    open_like,
    seen_and_right,
)


@probe(shared=True)
def deposits(day, account, amounts):
    """open {account}, deposit {amounts} one after the other: the balance after each"""
    mine = open_like(day, account)
    balances = []
    for amount in amounts:
        move(mine, "deposit", amount)
        balances.append(balance_of(mine))
    return balances


@probe(shared=True)
def deposit_below_zero(day, account, first, refused):
    """open {account}, deposit {first}, then try to deposit {refused} one after the other"""
    mine = open_like(day, account)
    move(mine, "deposit", first)
    return [attempt(mine, "deposit", amount) for amount in refused]


@requirement("deposit")
def test_each_deposit_adds_its_amount(candidate, rng):
    """every deposit adds exactly its amount to the balance, whatever the kind of account"""
    cases = []
    for kind in KINDS:
        account = draw_account(rng, kind)
        amounts = [*rng.sample(range(2, 900), 3), 1]
        sums = [account["balance"] + sum(amounts[:count]) for count in (1, 2, 3, 4)]
        cases.append(([account, amounts], sums))
    for seen, right in seen_and_right(candidate, deposits, cases):
        assert seen == right


@requirement("deposit")
def test_a_negative_deposit_is_refused(candidate, rng):
    """negative deposits are refused and leave the balance as it was, whatever the kind of account"""
    cases = []
    for kind in KINDS:
        account, first = draw_account(rng, kind), rng.randint(2, 900)
        right = [{"returned True": False, "balance": account["balance"] + first}] * 2
        cases.append(([account, first, [-1, -rng.randint(2, 900)]], right))
    for seen, right in seen_and_right(candidate, deposit_below_zero, cases):
        assert seen == right
