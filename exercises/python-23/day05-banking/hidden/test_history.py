"""The history: a list of the account's own transactions, one entry for each that succeeded, with its amount."""

from grade_kit.suite import helper, probe, requirement
from probes import KINDS, attempt, balance_of, draw_account, draw_accounts, move, open_like, seen_and_right
from probes_history import entry_of, history_of

# How an entry may say that the operation did not take place.
FAILED = (
    "fail",
    "refus",
    "reject",
    "declin",
    "denied",
    "insufficient",
    "invalid",
    "error",
    "false",
    "cancel",
    "not",
    "attempt",
    "block",
)


@helper
def mentions(entries, amount):
    """Returns the places of the entries that hold this amount."""
    return [place for place, entry in enumerate(entries) if amount in entry_of(entry)["numbers"]]


@probe(shared=True)
def recorded(day, account, steps):
    """open {account} and do {steps}: how many entries of the history hold each amount, and in what order they stand"""
    mine = open_like(day, account)
    before = len(history_of(mine))
    for operation, amount in steps:
        move(mine, operation, amount)
    entries = history_of(mine)
    places = [mentions(entries, amount) for _, amount in steps]
    order = [place for found in places for place in found[:1]]
    in_order = order == sorted(order) or order == sorted(order, reverse=True)
    return {
        "new entries": len(entries) - before,
        "entries for each": [len(found) for found in places],
        "in order": in_order,
    }


@probe(shared=True)
def growth(day, account, amounts):
    """open {account} and deposit {amounts}: by how many entries the history grows each time"""
    mine = open_like(day, account)
    lengths = [len(history_of(mine))]
    for amount in amounts:
        move(mine, "deposit", amount)
        lengths.append(len(history_of(mine)))
    return [after - before for before, after in zip(lengths, lengths[1:])]


@probe(shared=True)
def both_histories(day, first, second, amount):
    """open {first} and {second}, deposit {amount} into the first: how many entries of each history hold it"""
    accounts = [open_like(day, first), open_like(day, second)]
    move(accounts[0], "deposit", amount)
    return [len(mentions(history_of(account), amount)) for account in accounts]


@probe(shared=True)
def after_refusals(day, account, amount, far_over, below_zero):
    """open {account}, deposit {amount}, try to withdraw {far_over} and to deposit {below_zero}: the words of entries with these two amounts"""
    mine = open_like(day, account)
    move(mine, "deposit", amount)
    refused = set()
    for operation, wrong in (("withdraw", far_over), ("deposit", below_zero)):
        before = balance_of(mine)
        if attempt(mine, operation, wrong)["balance"] == before:
            refused.add(abs(wrong))
    entries = [entry_of(entry) for entry in history_of(mine)]
    return [entry["words"] for entry in entries if refused & set(entry["numbers"])]


@probe(shared=True)
def words_of_each(day, account, deposited, withdrawn):
    """open {account}, deposit {deposited}, withdraw {withdrawn}: the words in the entry of the withdrawal"""
    mine = open_like(day, account)
    move(mine, "deposit", deposited)
    move(mine, "withdraw", withdrawn)
    entries = [entry_of(entry) for entry in history_of(mine)]
    return [
        [entry["words"] for entry in entries if amount in entry["numbers"]]
        for amount in (deposited, withdrawn)
    ]


def draw_amounts(rng, count):
    """Draws amounts that are no balance, no year and no counter."""
    return rng.sample(range(211, 400), count)


@requirement("history")
def test_every_transaction_has_its_entry(candidate, rng):
    """the history of an account of either kind holds one entry for every deposit and withdrawal, with its amount"""
    operations, cases = ["deposit", "deposit", "withdraw", "deposit"], []
    for kind in KINDS[1:]:
        steps = [list(step) for step in zip(operations, draw_amounts(rng, 4), strict=True)]
        cases.append(([draw_account(rng, kind), steps], [1, 1, 1, 1]))
    for seen, right in seen_and_right(candidate, recorded, cases):
        assert seen["entries for each"] == right
        # A withdrawal's fee may have an entry of its own.
        assert seen["new entries"] in (4, 5), "there should be four new entries, one for each operation"
        assert seen["in order"] == True, "the entries should stand in the order of the operations"  # noqa: E712


@requirement("history")
def test_the_history_grows_by_one(candidate, rng):
    """the history of an account of either kind grows by one entry with every deposit, even of the same amount"""
    cases = []
    for kind in KINDS[1:]:
        amount = rng.randint(211, 399)
        cases.append(([draw_account(rng, kind), [amount, amount, 250]], [1, 1, 1]))
    for seen, right in seen_and_right(candidate, growth, cases):
        assert seen == right


@requirement("history")
def test_every_account_has_its_own_history(candidate, rng):
    """what is done with one account of either kind does not show in the history of another"""
    cases = [([*draw_accounts(rng, 2, kind), *draw_amounts(rng, 1)], [1, 0]) for kind in KINDS[1:]]
    for seen, right in seen_and_right(candidate, both_histories, cases):
        assert seen == right


@requirement("history")
def test_what_was_refused_is_not_recorded_as_done(candidate, rng):
    """what was refused by an account of either kind is not in the history, unless it is marked as failed"""
    cases = []
    for kind in KINDS[1:]:
        far_over = rng.randint(10**6, 10**7)
        below_zero = -rng.randint(500, 900)
        cases.append(([draw_account(rng, kind), rng.randint(211, 399), far_over, below_zero], []))
    for words, right in seen_and_right(candidate, after_refusals, cases):
        assert unmarked(words) == right


def unmarked(words):
    """Returns the words of those entries that do not say that the operation failed."""
    return [entry for entry in words if not any(mark in word for word in entry for mark in FAILED)]


@requirement("history")
def test_a_withdrawal_is_not_recorded_as_a_deposit(candidate, rng):
    """a withdrawal from an account of either kind is not called a deposit in the history"""
    for kind in KINDS[1:]:
        alike = called_alike(*candidate.run(words_of_each, draw_account(rng, kind), *draw_amounts(rng, 2)))
        assert not alike, f"the entry of the withdrawal reads like that of the deposit, its words are {alike}"


def called_alike(deposits, withdrawals):
    """Returns the words of those withdrawals that are called deposits."""
    return [words for words in withdrawals if words in deposits and any("deposit" in word for word in words)]
