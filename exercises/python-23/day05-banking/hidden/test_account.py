"""The base class and its two kinds: what they are, how they are opened, and that they keep their money apart."""

import pytest
from grade_kit.names import raw
from grade_kit.suite import probe, requirement
from probes import (
    KINDS,
    balance_of,
    draw_account,
    draw_accounts,
    move,
    open_account,
    open_like,
    open_usable,
    seen_and_right,
    top_up,
)


@probe(shared=True)
def structure(day, account):
    """look at the class `Account`: what it has"""
    cls = raw(day.banking.Account)
    has = {name: callable(getattr(cls, name, None)) for name in ("deposit", "withdraw")}
    has["balance"] = hasattr(cls, "balance") or hasattr(open_like(day, account), "balance")
    return {"is a class": isinstance(cls, type), **has}


@probe(shared=True)
def opened(day, account):
    """open the account {account}: its balance"""
    return balance_of(open_usable(day, account))


@probe(shared=True)
def apart(day, first, second, amount):
    """open {first} and {second}, deposit {amount} into the first: by how much each balance changed"""
    accounts = [open_usable(day, first), open_usable(day, second)]
    before = [balance_of(account) for account in accounts]
    move(accounts[0], "deposit", amount)
    return [balance_of(account) - earlier for account, earlier in zip(accounts, before)]


@requirement("account")
def test_account_has_what_every_account_needs(candidate, rng):
    """`Account` is a class with `balance`, `deposit` and `withdraw`"""
    has = candidate.run(structure, draw_account(rng, "Account"))
    assert has == {"is a class": True, "deposit": True, "withdraw": True, "balance": True}


@requirement("account")
def test_a_new_account_has_its_opening_balance(candidate, rng):
    """a new account of any kind has the balance that it was opened with"""
    accounts = [draw_account(rng, kind) for kind in KINDS]
    for seen, right in seen_and_right(candidate, opened, [([account], account["balance"]) for account in accounts]):
        assert seen == right


@requirement("account")
def test_accounts_keep_their_money_apart(candidate, rng):
    """a deposit into one account of any kind leaves the others alone"""
    cases = []
    for kind in KINDS:
        amount = rng.randint(2, 900)
        cases.append(([*draw_accounts(rng, 2, kind), amount], [amount, 0]))
    for seen, right in seen_and_right(candidate, apart, cases):
        assert seen == right


@probe(shared=True)
def relations(day, kind):
    """look at the class {kind}: how it is related to `Account` and to the other kind"""
    base, cls = raw(day.banking.Account), raw(getattr(day.banking, kind))
    other = raw(day.banking.CheckingAccount if kind == "SavingsAccount" else day.banking.SavingsAccount)
    return {
        "derived from Account": issubclass(cls, base),
        "a class of its own": cls is not base and cls is not other,
    }


@probe(shared=True)
def one_of_a_kind(day, account, amount):
    """open {account}, deposit {amount}, withdraw it again: how the balance changes, and whether it is an `Account`"""
    mine = top_up(open_account(day, account), account)
    balances = [balance_of(mine)]
    for operation in ("deposit", "withdraw"):
        move(mine, operation, amount)
        balances.append(balance_of(mine))
    is_account = isinstance(raw(mine), raw(day.banking.Account))
    return {
        "deposit adds": balances[1] - balances[0],
        "withdraw takes": balances[2] < balances[1],
        "an Account": is_account,
    }


@requirement("subclasses")
@pytest.mark.parametrize("kind", KINDS[1:])
def test_each_kind_is_derived_from_account(candidate, kind):
    """`{kind}` is derived from `Account`"""
    assert candidate.run(relations, kind) == {"derived from Account": True, "a class of its own": True}


@requirement("subclasses")
@pytest.mark.parametrize("kind", KINDS[1:])
def test_each_kind_can_be_opened_and_used(candidate, rng, kind):
    """a `{kind}` can be opened, takes deposits and pays out"""
    account = draw_account(rng, kind)
    amount = rng.randint(50, 200)
    expected = {"deposit adds": amount, "withdraw takes": True, "an Account": True}
    assert candidate.run(one_of_a_kind, account, amount) == expected
