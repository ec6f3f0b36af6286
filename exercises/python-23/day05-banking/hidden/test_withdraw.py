"""`withdraw`: takes the amount, never more than there is, nothing negative.

A checking account may allow an overdraft, a savings account may insist on a minimum, and either may
charge a fee.
"""

from grade_kit.names import raw
from grade_kit.suite import helper, probe, requirement
from probes import KINDS, attempt, balance_of, draw_account, draw_accounts, move, open_like, seen_and_right


@probe(shared=True)
def taken(day, account, amount):
    """open {account}, withdraw {amount}: by how much the balance went down"""
    mine = open_like(day, account)
    before = balance_of(mine)
    move(mine, "withdraw", amount)
    return before - balance_of(mine)


@probe(shared=True)
def too_much(day, account, first, over, far_over):
    """open {account}, withdraw {first}, then try to withdraw {over} more than is left ({far_over} more from a checking account)"""
    mine = open_like(day, account)
    move(mine, "withdraw", first)
    left = balance_of(mine)
    seen = attempt(
        mine, "withdraw", int(left) + (far_over if type(raw(mine)).__name__ == "CheckingAccount" else over)
    )
    return {"returned True": seen["returned True"], "balance changed by": seen["balance"] - left}


@probe(shared=True)
def withdraw_below_zero(day, account, first, refused):
    """open {account}, deposit {first}, then try to withdraw {refused} one after the other"""
    mine = open_like(day, account)
    move(mine, "deposit", first)
    return [attempt(mine, "withdraw", amount) for amount in refused]


@helper
def is_gone(account, amount, left):
    """Whether a withdrawal is paid out and leaves so much."""
    try:
        move(account, "withdraw", amount)
    except Exception:
        return False
    return balance_of(account) == left


@helper
def mentions(day, account, words):
    """Whether one of the words is in a name of the account, its class or the module."""
    found = [*dir(raw(account)), *vars(raw(day.banking))]
    return any(word in words for name in found for word in name.lower().split("_"))


@helper
def fee_of(day, described):
    """Returns what a withdrawal costs."""
    twin = open_like(day, described)
    move(twin, "withdraw", 50)
    return described["balance"] - 50 - balance_of(twin)


@helper
def can_be_emptied(day, described):
    """Whether all that is in an account can be withdrawn, but for the fee of a withdrawal."""
    fee = fee_of(day, described)
    mine = open_like(day, described)
    balance = balance_of(mine)
    for amount in (balance, balance - fee):
        try:
            move(mine, "withdraw", amount)
        except Exception:
            continue
        if balance_of(mine) in (0, -fee):
            return True
    return False


@probe(shared=True)
def emptied(day, accounts):
    """open {accounts} and withdraw all that is in each, fees aside: can one of them be emptied"""
    if any(can_be_emptied(day, account) for account in accounts):
        return "one can be emptied"
    minimum = any(mentions(day, open_like(day, account), ("min", "minimum")) for account in accounts)
    return "there is a minimum" if minimum else "none can be emptied"


@probe(shared=True)
def emptied_to_the_last(day, account):
    """open {account} and withdraw all that is in it, fees aside: is it paid out, where all but 1 is"""
    fee = fee_of(day, account)
    if not is_gone(open_like(day, account), account["balance"] - fee - 1, 1):
        return "there is a minimum"
    if can_be_emptied(day, account) or mentions(day, open_like(day, account), ("min", "minimum")):
        return "it is"
    return "all but 1 is, and all is not"


@probe(shared=True)
def emptied_with_overdraft(day, account):
    """open {account} and withdraw all that is in it, fees aside: can it be emptied"""
    if can_be_emptied(day, account):
        return "it can be emptied"
    mine = open_like(day, account)
    overdraft = mentions(day, mine, ("overdraft",)) and not mentions(day, mine, ("min", "minimum"))
    return "it cannot be emptied" if overdraft else "there is no overdraft"


@requirement("withdraw")
def test_a_withdrawal_takes_its_amount(candidate, rng):
    """a withdrawal takes its amount from the balance, and a small fee at most, whatever the kind of account"""
    cases = []
    for kind in KINDS:
        amount = rng.randint(100, 200)
        cases.append(([draw_account(rng, kind), amount], amount))
    for gone, amount in seen_and_right(candidate, taken, cases):
        assert amount <= gone <= amount + 50, "the balance should go down by the amount"


@requirement("withdraw")
def test_the_smallest_amount_can_be_withdrawn(candidate, rng):
    """a withdrawal may be as small as 1, whatever the kind of account"""
    for kind in KINDS:
        gone = candidate.run(taken, draw_account(rng, kind), 1)
        assert 1 <= gone <= 51, "the balance should go down by 1, and a small fee at most"


@requirement("withdraw")
def test_more_than_there_is_cannot_be_withdrawn(candidate, rng):
    """a withdrawal of more than may be taken is refused and leaves the balance as it was, whatever the kind of account"""
    cases = []
    for kind in KINDS:
        amounts = [rng.randint(20, 200), rng.randint(1, 20), rng.randint(10**6, 10**7)]
        cases.append(([draw_account(rng, kind), *amounts], {"returned True": False, "balance changed by": 0}))
    for seen, right in seen_and_right(candidate, too_much, cases):
        assert seen == right


@requirement("withdraw")
def test_a_negative_withdrawal_is_refused(candidate, rng):
    """a negative withdrawal is refused and leaves the balance as it was, whatever the kind of account"""
    cases = []
    for kind in KINDS:
        account, first = draw_account(rng, kind), rng.randint(2, 900)
        right = [{"returned True": False, "balance": account["balance"] + first}] * 2
        cases.append(([account, first, [-1, -rng.randint(2, 900)]], right))
    for seen, right in seen_and_right(candidate, withdraw_below_zero, cases):
        assert seen == right


@requirement("withdraw")
def test_an_account_can_be_emptied(candidate, rng):
    """all that is in an account can be withdrawn, unless there is a minimum balance"""
    accounts = [{**account, "kind": kind} for account, kind in zip(draw_accounts(rng, 3), KINDS, strict=True)]
    seen = candidate.run(emptied, accounts)
    assert seen == "there is a minimum" or seen == "one can be emptied", (
        "taking out exactly the balance should be possible"
    )


@requirement("withdraw")
def test_an_account_with_an_overdraft_can_be_emptied(candidate, rng):
    """a checking account that may be overdrawn pays out at least what is in it"""
    seen = candidate.run(emptied_with_overdraft, draw_account(rng, "CheckingAccount"))
    expected = "it can be emptied" if seen != "there is no overdraft" else seen
    assert seen == expected


@requirement("withdraw")
def test_the_last_of_the_money_can_be_withdrawn(candidate, rng):
    """an account of any kind that pays out all but 1 of its money pays out all of it"""
    for kind in KINDS:
        seen = candidate.run(emptied_to_the_last, draw_account(rng, kind))
        expected = "it is" if seen != "there is a minimum" else seen
        assert seen == expected
