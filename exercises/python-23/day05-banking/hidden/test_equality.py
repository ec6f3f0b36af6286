"""`__eq__`: by whatever the learner compares, a copy is equal, a wholly different account is not, nor is anything else."""

from grade_kit.names import raw
from grade_kit.suite import probe, requirement
from probes import KINDS, draw_account, draw_accounts, open_like, seen_and_right


@probe(shared=True)
def same(day, account):
    """open {account}: is it equal to itself, and to an exact copy of itself"""
    import copy

    mine = raw(open_like(day, account))
    try:
        twin = copy.copy(mine)
    except Exception:
        twin = raw(open_like(day, account))
    return {"itself": mine == mine, "a copy": mine == twin, "not a copy": mine != twin}


@probe(shared=True)
def different(day, first, second):
    """open {first} and {second}: are they equal"""
    one, other = raw(open_like(day, first)), raw(open_like(day, second))
    return {"first == second": one == other, "second == first": other == one, "first != second": one != other}


@probe(shared=True)
def others(day, account, word, number):
    """open {account}: is it equal to {word}, to {number}, to None, to [] or to an object()"""
    mine = raw(open_like(day, account))
    things = [word, number, None, [], object()]
    return {
        "==": [mine == each for each in things],
        "!=": [mine != each for each in things],
        "turned": [each == mine for each in things],
    }


@requirement("equality")
def test_an_account_equals_itself_and_a_copy(candidate, rng):
    """an account of either kind is equal to itself and to an exact copy of itself"""
    right = {"itself": True, "a copy": True, "not a copy": False}
    for seen, right in seen_and_right(candidate, same, [([draw_account(rng, kind)], right) for kind in KINDS[1:]]):
        assert seen == right


@requirement("equality")
def test_accounts_that_differ_in_everything_are_not_equal(candidate, rng):
    """two accounts of one kind with other owners, numbers and balances are not equal"""
    right = {"first == second": False, "second == first": False, "first != second": True}
    for seen, right in seen_and_right(candidate, different, [(draw_accounts(rng, 2, kind), right) for kind in KINDS[1:]]):
        assert seen == right


@requirement("equality")
def test_an_account_is_not_equal_to_anything_else(candidate, rng):
    """comparing an account of either kind with something that is no account is False, and does not crash"""
    right = {"==": [False] * 5, "!=": [True] * 5, "turned": [False] * 5}
    accounts = [draw_account(rng, kind) for kind in KINDS[1:]]
    cases = [([account, account["owner"], account["balance"]], right) for account in accounts]
    for seen, right in seen_and_right(candidate, others, cases):
        assert seen == right
