"""`AccountManager`: keeps several accounts, each manager its own, and finds them again.

Totals, removals and transfers are extras: where a manager has them, they are right.
"""

from grade_kit.names import Missing, raw
from grade_kit.suite import helper, probe, requirement
from probes import (
    KINDS,
    argument_for,
    balance_of,
    draw_account,
    draw_accounts,
    move,
    number,
    parameters_of,
    role_of,
)
from probes_manager import balances, fetch, kinds_opened, listed, lookup_of, method_of, new_manager, nothing_called, put


@probe(shared=True)
def kept(day, accounts):
    """put {accounts} into a manager: the balances of the accounts that it finds by number or owner, and of those that it lists"""
    manager = new_manager(day)
    records = [put(day, manager, account) for account in accounts]
    found = [balances(fetch(day, manager, record)) for record in records]
    everything = listed(day, manager)
    if lookup_of(day, manager) is None and everything is None:
        raise nothing_called(manager, ["get_account", "accounts"])
    return {"found": found, "listed": None if everything is None else sorted(balances(everything))}


@probe(shared=True)
def same_account(day, accounts, amount):
    """put {accounts} into a manager, ask for the first and deposit {amount}: the balances when asked for again"""
    manager = new_manager(day)
    records = [put(day, manager, account) for account in accounts]
    move(fetch(day, manager, records[0])[0], "deposit", amount)
    return [balances(fetch(day, manager, record)) for record in records]


@probe(shared=True)
def two_managers(day, account):
    """make two managers and put {account} into the first: the balances of what each has"""
    first, second = new_manager(day), new_manager(day)
    record = put(day, first, account)
    held = balances(fetch(day, first, record))
    # Some make sure that there is only one manager.
    others = [] if raw(first) is raw(second) else [*fetch(day, second, record), *(listed(day, second) or [])]
    return {"first": held, "second": balances(others)}


@probe(shared=True)
def unknown(day, accounts, other):
    """put {accounts} into a manager and ask for {other}, which is not in it: the balances of what it finds"""
    manager = new_manager(day)
    for account in accounts:
        put(day, manager, account)
    keys = [str(other["number"]), other["number"], other["owner"]]
    return balances(fetch(day, manager, {"account": None, "keys": keys}))


@probe(shared=True)
def kinds(day, accounts):
    """have a manager open each of {accounts}: the kinds that come of it, however it is told which kind"""
    return kinds_opened(day, accounts)


@requirement("manager")
def test_a_manager_finds_every_account_again(candidate, rng):
    """a manager with three accounts finds each of them, and lists them all"""
    accounts = [
        {**account, "kind": kind}
        for account, kind in zip(draw_accounts(rng, 3), [*KINDS[1:], KINDS[1]], strict=True)
    ]
    expected = [account["balance"] for account in accounts]
    seen = candidate.run(kept, accounts)
    assert seen["found"] == [[each] for each in expected]
    if seen["listed"] is not None:
        assert seen["listed"] == sorted(expected)


@requirement("manager")
def test_a_manager_opens_the_kind_that_it_is_asked_for(candidate, rng):
    """a manager that opens accounts, and is told their kind, opens that kind"""
    accounts = [draw_account(rng, kind) for kind in KINDS[1:]]
    for kind, opened in (candidate.run(kinds, accounts) or {}).items():
        assert kind in opened, f"asked for a `{kind}` in several ways, it opens no other than `{', '.join(opened)}`"


@requirement("manager")
def test_a_manager_gives_the_account_itself(candidate, rng):
    """a deposit into an account that the manager gave is there when it is asked for again"""
    accounts = draw_accounts(rng, 2, rng.choice(KINDS[1:]))
    amount = rng.randint(2, 900)
    expected = [[accounts[0]["balance"] + amount], [accounts[1]["balance"]]]
    assert candidate.run(same_account, accounts, amount) == expected


@requirement("manager")
def test_every_manager_has_its_own_accounts(candidate, rng):
    """what is put into one manager is not in another"""
    account = draw_account(rng, rng.choice(KINDS[1:]))
    assert candidate.run(two_managers, account) == {"first": [account["balance"]], "second": []}


@requirement("manager")
def test_an_unknown_account_is_not_found(candidate, rng):
    """asking a manager for an account that it does not have gives none, or is refused"""
    *accounts, other = draw_accounts(rng, 3, rng.choice(KINDS[1:]))
    assert candidate.run(unknown, accounts, other) == []


# --- extras ---------------------------------------------------------------------------------------------------------------


@probe(shared=True)
def total(day, accounts, amount):
    """put {accounts} into a manager, deposit {amount} into the first: their total, if the manager tells it"""
    manager = new_manager(day)
    records = [put(day, manager, account) for account in accounts]
    move(records[0]["account"], "deposit", amount)
    try:
        found = manager.total_balance
    except Missing:
        return "no total"
    if callable(raw(found)):
        if any(parameter.default is parameter.empty for parameter, _, _ in parameters_of([found])):
            return "no total"
        found = found()
    return number(found)


@probe(shared=True)
def removed(day, accounts):
    """put {accounts} into a manager and remove the first: the balances of those that it still has, or whether it refused"""
    manager = new_manager(day)
    records = [put(day, manager, account) for account in accounts]
    method = method_of(manager, "remove_account")
    if method is None:
        return "cannot remove"
    refused = done = False
    for key in [records[0]["account"], *records[0]["keys"]]:
        if not fetch(day, manager, records[0]):
            break
        try:
            answer = method(key)
            refused, done = refused or answer is False, done or answer is True
        except Exception as error:
            # Removing an account that still has money in it may be refused.
            refused = refused or not isinstance(
                error, LookupError | AttributeError | TypeError | NameError | NotImplementedError
            )
    left = [balances(fetch(day, manager, record)) for record in records]
    return "refused" if refused and not done and left[0] else left


@helper
def transfer_arguments(day, method, source, target, amount):
    """Returns the arguments of a transfer: by their names, else the source first."""
    wanted = {"owner": "text", "number": 0, "balance": amount}
    accounts = [source, target]
    positional, keywords = [], {}
    for parameter, annotation, _ in parameters_of([method]):
        words = parameter.name.lower().split("_")
        if role_of(parameter.name) == "balance":
            item = argument_for(day, parameter, annotation, wanted, 0)
        elif accounts:
            to_first = len(accounts) == 2 and {
                "to",
                "target",
                "destination",
                "dest",
                "receiver",
                "recipient",
            } & set(words)
            item = accounts.pop(1 if to_first else 0)
        elif parameter.default is parameter.empty:
            item = argument_for(day, parameter, annotation, wanted, 0)
        else:
            continue
        if parameter.kind is parameter.KEYWORD_ONLY:
            keywords[parameter.name] = item
        else:
            positional.append(item)
    return positional, keywords


@probe(shared=True)
def transferred(day, accounts, amount):
    """put {accounts} into a manager and transfer {amount} from the first to the second: both balances before and after"""
    manager = new_manager(day)
    records = [put(day, manager, account) for account in accounts]
    method = method_of(manager, "transfer")
    if method is None:
        return "cannot transfer"
    before = [balance_of(record["account"]) for record in records]
    for source, target in zip(*([*record["keys"], record["account"]] for record in records)):
        positional, keywords = transfer_arguments(day, method, source, target, amount)
        try:
            method(*positional, **keywords)
        except Exception:
            # It may want to be told the accounts in another way, or refuse the transfer.
            pass
        if [balance_of(record["account"]) for record in records] != before:
            break
    return {"before": before, "after": [balance_of(record["account"]) for record in records]}


@requirement("manager")
def test_a_total_is_the_sum_of_all_balances(candidate, rng):
    """the total, if there is one, is the sum of the balances of all accounts"""
    accounts = draw_accounts(rng, 3, rng.choice(KINDS[1:]))
    amount = rng.randint(2, 900)
    seen = candidate.run(total, accounts, amount)
    if seen != "no total":
        assert seen == sum(account["balance"] for account in accounts) + amount


@requirement("manager")
def test_a_removed_account_is_gone_and_no_other(candidate, rng):
    """an account that is removed, if accounts can be removed, is no longer found, and the others are"""
    accounts = draw_accounts(rng, 3, rng.choice(KINDS[1:]))
    seen = candidate.run(removed, accounts)
    if seen not in ("cannot remove", "refused"):
        assert seen == [[], [accounts[1]["balance"]], [accounts[2]["balance"]]]


@requirement("manager")
def test_a_transfer_moves_the_amount(candidate, rng):
    """a transfer, if there are transfers, takes the amount from one account and adds it to the other"""
    accounts = draw_accounts(rng, 2, "CheckingAccount")
    amount = rng.randint(100, 200)
    seen = candidate.run(transferred, accounts, amount)
    if seen != "cannot transfer":
        before, after = seen["before"], seen["after"]
        assert amount <= before[0] - after[0] <= amount + 50, "the first account should have paid the amount"
        assert after[1] == before[1] + amount


@requirement("manager")
def test_a_transfer_makes_no_money_of_nothing(candidate, rng):
    """a transfer of more than there is, if there are transfers, leaves as much money as there was"""
    accounts = draw_accounts(rng, 2, "CheckingAccount")
    seen = candidate.run(transferred, accounts, rng.randint(10**6, 10**7))
    if seen != "cannot transfer":
        assert sum(seen["after"]) == sum(account["balance"] for account in accounts)
