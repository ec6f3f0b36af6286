"""`__str__` and `__repr__`: written by the learner, and telling which account it is."""

import re

import pytest
from grade_kit.names import Missing, raw, value
from grade_kit.suite import probe, requirement
from probes import KINDS, draw_account, open_like


@probe
def written(day, account):
    """open {account}: whether its class has `__str__` and `__repr__` of its own"""
    cls = type(raw(open_like(day, account)))
    return {name: getattr(cls, name) is not getattr(object, name) for name in ("__str__", "__repr__")}


@probe
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
@pytest.mark.parametrize("kind", KINDS[1:])
def test_both_methods_are_written(candidate, rng, kind):
    """accounts ({kind}) have `__str__` and `__repr__`"""
    assert candidate.run(written, draw_account(rng, kind)) == {"__str__": True, "__repr__": True}


@requirement("text")
@pytest.mark.parametrize("function", ["str", "repr"])
@pytest.mark.parametrize("kind", KINDS[1:])
def test_the_text_tells_which_account_it_is(candidate, rng, kind, function):
    """`{function}` of an account ({kind}) names its owner, its number or its balance"""
    account = draw_account(rng, kind)
    seen = candidate.run(shown, account, function)
    without_separators = re.sub(r"[,_' ]", "", seen["text"])
    details = [account["owner"], str(account["number"]), seen["number"]]
    told = (
        any(each and each in seen["text"] for each in details)
        or str(account["balance"]) in without_separators
    )
    assert told, f"{function}(account) should name the owner, the number or the balance; it gives {seen['text'][:80]!r}"
