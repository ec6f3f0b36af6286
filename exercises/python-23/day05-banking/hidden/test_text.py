"""`__str__` and `__repr__`: written by the learner, and telling which account it is."""

import re

import pytest
from grade_kit.names import Missing, raw, value
from grade_kit.suite import probe, requirement
from probes import KINDS, draw_account, open_like, seen_and_right


@probe(shared=True)
def written(day, account):
    """open {account}: whether its class has `__str__` and `__repr__` of its own"""
    cls = type(raw(open_like(day, account)))
    return {name: getattr(cls, name) is not getattr(object, name) for name in ("__str__", "__repr__")}


@probe(shared=True)
def shown(day, account, function):
    """open {account}: what {function} says of it"""
    mine = open_like(day, account)
    text = str(mine) if function == "str" else repr(mine)
    try:
        number = str(raw(value(mine, "account_number")))
    except Missing:
        number = ""
    return {"text": text, "number": number}


@requirement("text")
def test_both_methods_are_written(candidate, rng):
    """accounts of either kind have `__str__` and `__repr__`"""
    right = {"__str__": True, "__repr__": True}
    for seen, right in seen_and_right(candidate, written, [([draw_account(rng, kind)], right) for kind in KINDS[1:]]):
        assert seen == right


@requirement("text")
@pytest.mark.parametrize("function", ["str", "repr"])
def test_the_text_tells_which_account_it_is(candidate, rng, function):
    """`{function}` of an account of either kind names its owner, its number or its balance"""
    accounts = [draw_account(rng, kind) for kind in KINDS[1:]]
    for seen, account in seen_and_right(candidate, shown, [([account, function], account) for account in accounts]):
        words = f"{function}(account) should name the owner, the number or the balance; it gives {seen['text'][:80]!r}"
        assert tells(seen, account), words


def tells(seen, account):
    """Whether a text names the owner, the number or the balance of an account."""
    without_separators = re.sub(r"[,_' ]", "", seen["text"])
    details = [account["owner"], str(account["number"]), seen["number"]]
    return any(detail and detail in seen["text"] for detail in details) or str(account["balance"]) in without_separators
