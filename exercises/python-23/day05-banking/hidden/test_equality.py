"""`__eq__`: by whatever the learner compares, a copy is equal, a wholly different account is not, nor is anything else."""

import pytest
from grade_kit.names import raw
from grade_kit.suite import probe, requirement
from probes import KINDS, draw_account, draw_accounts, open_like


@probe
def same(day, account):
    """open {account}: is it equal to itself, and to an exact copy of itself"""
    import copy

    mine = raw(open_like(day, account))
    try:
        twin = copy.copy(mine)
    except Exception:
        twin = raw(open_like(day, account))
    return {"itself": mine == mine, "a copy": mine == twin, "not a copy": mine != twin}


@probe
def different(day, first, second):
    """open {first} and {second}: are they equal"""
    one, other = raw(open_like(day, first)), raw(open_like(day, second))
    return {"first == second": one == other, "second == first": other == one, "first != second": one != other}


@probe
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
@pytest.mark.parametrize("kind", KINDS[1:])
def test_an_account_equals_itself_and_a_copy(candidate, rng, kind):
    """an account ({kind}) is equal to itself and to an exact copy of itself"""
    assert candidate.run(same, draw_account(rng, kind)) == {
        "itself": True,
        "a copy": True,
        "not a copy": False,
    }


@requirement("equality")
@pytest.mark.parametrize("kind", KINDS[1:])
def test_accounts_that_differ_in_everything_are_not_equal(candidate, rng, kind):
    """two accounts ({kind}) with other owners, numbers and balances are not equal"""
    seen = candidate.run(different, *draw_accounts(rng, 2, kind))
    assert seen == {"first == second": False, "second == first": False, "first != second": True}


@requirement("equality")
@pytest.mark.parametrize("kind", KINDS[1:])
def test_an_account_is_not_equal_to_anything_else(candidate, rng, kind):
    """comparing an account ({kind}) with something that is no account is False, and does not crash"""
    account = draw_account(rng, kind)
    seen = candidate.run(others, account, account["owner"], account["balance"])
    assert seen == {"==": [False] * 5, "!=": [True] * 5, "turned": [False] * 5}
