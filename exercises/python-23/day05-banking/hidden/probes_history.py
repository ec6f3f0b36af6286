"""How this day's probes read a history, whatever its entries are: tuples, dicts, strings, objects, plain numbers."""

from grade_kit.names import Missing, raw, value
from grade_kit.suite import helper


@helper
def history_of(account):
    """Returns the account's history as a list of the learner's own entries."""
    try:
        found = raw(value(account, "transactions"))
    except Missing:
        found = hidden_list_of(raw(account))
        if found is None:
            raise
    if found is None or isinstance(found, str | dict):
        # It prints the history or gives it as a text; the list itself is the account's own affair.
        found = hidden_list_of(raw(account))
    if found is None:
        raise TypeError("the history should be a list")
    return list(found)


@helper
def hidden_list_of(account):
    """Returns a list that the account keeps: the one whose name speaks of a history, or else the only one."""
    words = ("transaction", "history", "ledger", "entries", "record", "movement", "operation", "statement")
    lists = {name: item for name, item in fields_of(account).items() if isinstance(item, list)}
    named = [item for name, item in lists.items() if any(word in name.lower() for word in words)]
    return next(iter(named), next(iter(lists.values())) if len(lists) == 1 else None)


@helper
def fields_of(item):
    """Returns what an object keeps, by name."""
    found = dict(getattr(item, "__dict__", {}))
    for cls in type(item).__mro__:
        slots = vars(cls).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            name = (
                f"_{cls.__name__.lstrip('_')}{name}"
                if name.startswith("__") and not name.endswith("__")
                else name
            )
            if hasattr(item, name):
                found[name] = getattr(item, name)
    return found


@helper
def parts_of(entry, depth=0):
    """Returns the numbers and the texts in an entry, however it is built."""
    import datetime
    import enum
    import numbers
    from decimal import Decimal

    entry = raw(entry)
    if isinstance(entry, enum.Enum):
        return [entry.name, str(entry.value)]
    if isinstance(entry, bool | str):
        return [str(entry)]
    if isinstance(entry, numbers.Number | Decimal):
        return [float(entry)]
    if (
        entry is None
        or isinstance(entry, datetime.date | datetime.time)
        or type(entry).__name__ == "UUID"
        or depth > 3
    ):
        return []
    if isinstance(entry, dict):
        inner = list(entry.values())
    elif isinstance(entry, list | tuple | set | frozenset):
        inner = list(entry)
    elif any("account" in cls.__name__.lower() for cls in type(entry).__mro__):
        inner = []
    else:
        inner = [*fields_of(entry).values(), type(entry).__name__]
    return [part for each in inner for part in parts_of(each, depth + 1)]


@helper
def entry_of(entry):
    """Returns an entry as plain data: the numbers in it, without their signs, and the words."""
    import re

    parts = parts_of(entry)
    numbers = [abs(part) for part in parts if isinstance(part, float)]
    texts = " ".join(part for part in parts if isinstance(part, str))
    # Neither identifiers nor times are amounts or words, and 3,250 is one number.
    texts = re.sub(
        r"\b[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b|\b[0-9a-fA-F]{7,}\b|\d\d:\d\d(:\d\d)?(\.\d+)?",
        " ",
        texts,
    )
    texts = re.sub(r"(?<=\d)[,_'](?=\d{3})", "", texts)
    numbers += [float(digits) for digits in re.findall(r"\d+", texts)]
    numbers += [float(whole + cents) for whole, cents in re.findall(r"(\d+)\.(\d\d)\b", texts)]
    return {"numbers": numbers, "words": sorted(set(re.findall(r"[a-z]{3,}", texts.lower())))}
