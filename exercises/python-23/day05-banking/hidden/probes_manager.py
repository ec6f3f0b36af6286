"""How this day's probes use an `AccountManager`, whether it takes accounts or opens them itself."""

from grade_kit.names import Missing, raw, value
from grade_kit.suite import helper
from probes import (
    arguments_for,
    balance_of,
    construct,
    hints_of,
    initializers_of,
    open_like,
    parameters_of,
    role_of,
    top_up,
    types_of,
)


@helper
def new_manager(day):
    """Returns a new, empty manager."""
    return construct(day, day.banking.AccountManager, {"owner": "First Bank", "number": 1, "balance": 0})


@helper
def method_of(manager, name):
    """Returns the method that goes by `name`, or None."""
    try:
        found = getattr(manager, name)
    except Missing:
        return None
    return found if callable(raw(found)) else None


@helper
def is_account(day, item):
    """Whether something is one of the learner's accounts."""
    classes = []
    for name in ("Account", "SavingsAccount", "CheckingAccount"):
        try:
            classes.append(raw(getattr(day.banking, name)))
        except Missing:
            pass
    return isinstance(raw(item), tuple(classes))


@helper
def accounts_in(day, item):
    """Returns the accounts in what a manager answered: an account, or a collection of accounts."""
    item = raw(item)
    if is_account(day, item):
        return [item]
    if item is None or isinstance(item, str | bytes | bool | int):
        return []
    if isinstance(item, dict):
        item = list(item.values())
    try:
        return [found for each in item for found in (accounts_in(day, each) if each is not item else [])]
    except TypeError:
        return []


@helper
def takes_an_account(day, method):
    """Whether a manager's method is handed an account, rather than what to open one with."""
    import inspect

    base = raw(day.banking.Account)
    for each in inspect.signature(method).parameters.values():
        if each.kind is each.VAR_POSITIONAL and role_of(each.name) == "account":
            return True
    parameters = parameters_of([method])
    for parameter, annotation, _ in parameters:
        types = types_of(annotation)
        if any(isinstance(each, type) and issubclass(each, base) for each in types):
            return True
        if role_of(parameter.name) == "account" and not types:
            return True
    return len(parameters) == 1 and role_of(parameters[0][0].name) is None and not types


@helper
def put(day, manager, account):
    """Puts the account that is described into the manager: hands it over, or has it opened. Returns its keys and itself.

    Raises `Missing` where the manager can do neither.
    """
    for name in ("add_account", "create_account"):
        method = method_of(manager, name)
        if method and takes_an_account(day, method):
            return hand_over(day, method, account)
    kind = "savings" if account["kind"] == "SavingsAccount" else "checking"
    methods = [
        method_of(manager, name) for name in ("create_account", "add_account", f"create_{kind}_account")
    ]
    present = [method for method in methods if method]
    if not present and (method := taker_by_hints(day, manager)):
        return hand_over(day, method, account)
    if not present:
        raise nothing_called(manager, ["add_account", "create_account", f"create_{kind}_account"])
    return have_opened(day, manager, present[0], account)


@helper
def methods_by_hints(manager, fits, unlike):
    """Returns the public methods that want one thing, whose hints fit, and whose names say nothing that is in `unlike`."""
    import inspect
    import re

    found = []
    for name, _ in inspect.getmembers(type(raw(manager)), inspect.isfunction):
        if name.startswith("_") or unlike & set(re.split(r"_|(?<=[a-z])(?=[A-Z])", name.lower())):
            continue
        method = getattr(manager, name)
        required = [each for each in parameters_of([method]) if each[0].default is each[0].empty]
        if len(required) == 1 and fits(method, required[0]):
            found.append(method)
    return found


@helper
def hints_at_account(day, annotation):
    """Whether an annotation speaks of an account."""
    base = raw(day.banking.Account)
    return any(isinstance(each, type) and issubclass(each, base) for each in types_of(annotation))


@helper
def taker_by_hints(day, manager):
    """Returns the one method that is handed an account, by whatever name, or None."""
    unlike = {"remove", "delete", "close", "drop", "discard", "pop", "unregister", "has", "contains", "detach", "freeze"}
    found = methods_by_hints(manager, lambda _, needed: hints_at_account(day, needed[1]), unlike)
    return found[0] if len(found) == 1 else None


@helper
def finder_by_hints(day, manager):
    """Returns the method that gives an account for a key, by whatever name, or None."""
    unlike = {"remove", "delete", "close", "pop", "create", "open", "new", "add", "make", "register", "unregister"}

    def fits(method, needed):
        return hints_at_account(day, hints_of(method).get("return")) and not hints_at_account(day, needed[1])

    found = methods_by_hints(manager, fits, unlike)
    by_number = [each for each in found if role_of(parameters_of([each])[0][0].name) == "number"]
    return next(iter(by_number + found), None)


@helper
def nothing_called(manager, names):
    """Returns a `Missing` that tells all names that were looked for."""
    tried = []
    for name in names:
        try:
            getattr(manager, name)
        except Missing as missing:
            tried += missing.tried
    return Missing("AccountManager", names[0], tried)


@helper
def keys_of(account, described):
    """Returns what the manager may know an account by: its number, as it keeps it or as it was given, and its owner."""
    keys = [str(described["number"]), described["number"], described["owner"]]
    try:
        return [raw(value(account, "account_number")), *keys]
    except (Missing, AttributeError):
        return keys


@helper
def hand_over(day, method, described):
    """Opens an account and hands it to the manager."""
    account = open_like(day, described)
    keys = keys_of(account, described)
    parameters = parameters_of([method])
    if len(parameters) <= 1:
        method(account)
    else:
        positional, keywords = arguments_for(day, parameters, {**described, "account": account})
        numbers = [parameter.name for parameter, _, _ in parameters if role_of(parameter.name) == "number"]
        method(*positional, **{name: keys[0] if name in numbers else item for name, item in keywords.items()})
    return {"account": account, "keys": keys}


@helper
def have_opened(day, manager, method, described):
    """Has the manager open an account, trying the ways in which it may want to be told the kind and the number."""
    parameters = parameters_of([method, *initializers_of(raw(getattr(day.banking, described["kind"])))])
    before = listed(day, manager) or []
    first = None
    for style in range(24):
        try:
            positional, keywords = arguments_for(day, parameters, described, style)
            answer = method(*positional, **keywords)
        except NotImplementedError:
            raise
        except Exception as error:
            first = first or error
            continue
        given = [item for item in (*positional, *keywords.values()) if str(described["number"]) in str(item)]
        keys = [*given, *keys_of(answer, described)]
        if isinstance(answer, str | int) and not isinstance(answer, bool):
            keys.insert(0, answer)
        record = {"account": None, "keys": keys}
        new = [each for each in listed(day, manager) or [] if not any(each is old for old in before)]
        if found := accounts_in(day, answer) or fetch(day, manager, record) or new:
            return {"account": top_up(found[0], described), "keys": keys}
    if first:
        raise first
    return {"account": None, "keys": keys}


@helper
def listed(day, manager):
    """Returns the accounts that the manager lists, or None where it lists none."""
    try:
        found = raw(value(manager, "accounts"))
    except (Missing, TypeError):
        return None
    if found is None or isinstance(found, str):
        return None
    found = list(found.values()) if isinstance(found, dict) else list(found)
    accounts = accounts_in(day, found)
    return accounts if accounts or not found else None


@helper
def lookup_of(day, manager):
    """Returns the method that finds an account by one key, or None."""
    method = method_of(manager, "get_account") or finder_by_hints(day, manager)
    parameters = parameters_of([method]) if method else []
    required = [parameter for parameter, _, _ in parameters if parameter.default is parameter.empty]
    return method if parameters and len(required) <= 1 else None


@helper
def fetch(day, manager, record):
    """Returns the accounts that the manager gives for one that was put into it: by key, or else out of its list."""
    method = lookup_of(day, manager)
    for key in record["keys"] if method else []:
        try:
            found = accounts_in(day, method(key))
        except Exception:
            continue
        if found:
            return found
    return [] if method else [each for each in listed(day, manager) or [] if each is raw(record["account"])]


@helper
def balances(accounts):
    """Returns the balances of these accounts as plain numbers."""
    return [balance_of(account) for account in accounts]


@helper
def opener_of_kinds(day, manager):
    """Returns the method that opens an account of the kind that it is told, and the hint of that parameter, or None twice."""
    for name in ("create_account", "add_account"):
        method = method_of(manager, name)
        if method and not takes_an_account(day, method):
            kinds = [hint for parameter, hint, _ in parameters_of([method]) if role_of(parameter.name) == "kind"]
            return (method, kinds[0]) if kinds else (None, None)
    return None, None


@helper
def kinds_opened(day, accounts):
    """Returns the kinds that a new manager opens when it is asked for that of each account, in one word or another; None where
    nobody can tell: it opens no kinds, or takes any word."""
    method, hint = opener_of_kinds(day, new_manager(day))
    if method is None:
        return None
    kinds, refused = {}, False
    for account in accounts:
        # A word is told in every fourth style, and in those between the number has other forms.
        words = [[opened_in(day, account, style) for style in range(word, word + 4)] for word in range(0, 24, 4)]
        refused = refused or not all(any(each) for each in words)
        kinds[account["kind"]] = sorted({kind for each in words for opened in each for kind in opened})
    in_words = not types_of(hint) or str in types_of(hint)
    return kinds if all(kinds.values()) and (refused or not in_words) else None


@helper
def opened_in(day, described, style):
    """Returns the kinds of account that a new manager opens when it is asked in this style."""
    manager = new_manager(day)
    method, _ = opener_of_kinds(day, manager)
    parameters = parameters_of([method, *initializers_of(raw(getattr(day.banking, described["kind"])))])
    try:
        positional, keywords = arguments_for(day, parameters, described, style)
        answer = method(*positional, **keywords)
    except Exception:
        return []
    keys = [answer, *keys_of(answer, described)]
    found = accounts_in(day, answer) or fetch(day, manager, {"account": None, "keys": keys})
    classes = {name: raw(getattr(day.banking, name)) for name in ("SavingsAccount", "CheckingAccount")}
    opened = [raw(each) for each in found or listed(day, manager) or []]
    return [name for name, cls in classes.items() if any(isinstance(each, cls) for each in opened)]
