"""What this day's probes share: they open accounts, whatever the constructor asks for, and move money.

The plan is silent about constructors. So an account is opened by the names and annotations of the parameters that
there are: owner, number, opening balance, and whatever else must be given.
"""

from grade_kit.names import Missing, raw, value
from grade_kit.suite import helper

KINDS = ["Account", "SavingsAccount", "CheckingAccount"]
OWNERS = [
    "Alice",
    "Bob",
    "Carol",
    "Dora",
    "Emil",
    "Frida",
    "Gustav",
    "Hanna",
    "Ivan",
    "Jasmin",
    "Kurt",
    "Lena",
]


def draw_accounts(rng, count, kind="SavingsAccount"):
    """Draws what accounts are opened with, different in everything; large balances leave room for minimums and limits."""
    owners = rng.sample(OWNERS, count)
    numbers = rng.sample(range(10**9, 10**10), count)
    balances = rng.sample(range(3000, 10_000), count)
    return [
        {"kind": kind, "owner": owner, "number": number, "balance": balance}
        for owner, number, balance in zip(owners, numbers, balances, strict=True)
    ]


def draw_account(rng, kind="SavingsAccount"):
    """Draws what one account is opened with."""
    return draw_accounts(rng, 1, kind)[0]


def seen_and_right(candidate, probe, cases):
    """Yields what is seen in each case, and what is right of it. A case is what the probe is given, and that."""
    for given, right in cases:
        yield candidate.run(probe, *given), right


# --- which parameters there are, and what to give for them ---------------------------------------------------------------


@helper
def role_of(name):
    """Returns what a parameter stands for, judged by the words in its name, or None."""
    import re

    if not name.islower():
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    words = name.strip("_").split("_")
    # What a word of the name may begin with, and what it may be.
    roles = (
        ("date", ("date", "time", "created", "opened"), ("at",)),
        ("minimum", ("min",), ()),
        ("overdraft", ("overdraft", "credit"), ()),
        ("limit", ("limit", "max", "daily", "monthly"), ()),
        ("fee", ("fee", "charge", "penalty"), ()),
        ("rate", ("rate", "interest", "apr", "percent"), ()),
        ("kind", ("type", "kind", "class", "cls"), ()),
        ("number", ("number", "num", "iban", "identifier", "code", "ref"), ("id", "no", "nr", "key")),
        ("owner", ("owner", "holder", "name", "fullname", "customer", "client", "user", "person"), ()),
        ("balance", ("balance", "deposit", "amount", "initial", "opening", "start", "fund", "money", "cent", "value"), ()),
        ("account", ("account", "acct", "acc"), ("a",)),
    )
    for role, beginnings, whole in roles:
        for word in words:
            if word in whole or word.startswith(beginnings):
                return role
    return None


@helper
def types_of(annotation):
    """Returns the types that an annotation allows; an empty list where it says nothing."""
    import inspect
    import types
    import typing
    from decimal import Decimal

    if annotation is None or annotation is inspect.Parameter.empty or annotation is typing.Any:
        return []
    if isinstance(annotation, type):
        return [annotation]
    if isinstance(annotation, str):
        known = {"Decimal": Decimal, "float": float, "int": int, "str": str, "bool": bool, "type": type}
        return [found for word, found in known.items() if word in annotation]
    for inner in ("__supertype__", "__value__", "__bound__"):
        if getattr(annotation, inner, None) is not None:
            return types_of(getattr(annotation, inner))
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return types_of(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        return [found for each in typing.get_args(annotation) for found in types_of(each)]
    return [origin or annotation]


@helper
def hints_of(function):
    """Returns a function's annotations, resolved where they can be."""
    import typing

    # What a view hands out stands before the learner's own function.
    function = getattr(function, "__wrapped__", function)
    held = getattr(function, "__annotations__", {})
    # Classes are what they say, and need not be looked up.
    if all(isinstance(each, type) for name, each in held.items() if name != "return" or each is not None):
        return dict(held)
    try:
        return typing.get_type_hints(function, include_extras=True)
    except Exception:
        return dict(held)


@helper
def parameters_of(functions):
    """Returns the parameters of the first function, and of the next ones where it hands `*args` or `**kwargs` on.

    Each is (parameter, annotation, whether it must be given by position).
    """
    import inspect

    found, names, by_position = [], {"self"}, False
    for function in functions:
        hints = hints_of(function)
        parameters = inspect.signature(function).parameters.values()
        kinds = {each.kind for each in parameters}
        handed_on = kinds & {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}
        by_position = by_position or handed_on == {inspect.Parameter.VAR_POSITIONAL}
        for each in parameters:
            if each.kind not in handed_on and each.name not in names:
                names.add(each.name)
                first = by_position and each.kind is not inspect.Parameter.KEYWORD_ONLY
                found.append(
                    (each, hints.get(each.name), first or each.kind is inspect.Parameter.POSITIONAL_ONLY)
                )
        if not handed_on:
            break
    return found


@helper
def initializers_of(cls):
    """Returns the `__init__` of a class and of its bases, nearest first."""
    return [vars(base)["__init__"] for base in cls.__mro__ if base is not object and "__init__" in vars(base)]


@helper
def learners_own(types):
    """Returns those of the types that are classes of the learner's."""
    import sys

    return [
        each
        for each in types
        if isinstance(each, type) and each.__module__.partition(".")[0] not in sys.stdlib_module_names
    ]


@helper
def money(types, amount):
    """Returns an amount as the type that is asked for, be it the learner's own; whole numbers suit everyone else."""
    from decimal import Decimal

    if own := learners_own(types):
        return own[0](amount)
    if int in types or not {float, Decimal} & set(types):
        return amount
    return float(amount) if float in types else Decimal(str(amount))


@helper
def argument_for(day, parameter, annotation, wanted, style):
    """Returns what to give for a parameter. `style` counts through the forms of account numbers and kinds."""
    import datetime
    import enum
    from decimal import Decimal

    types, role = types_of(annotation), role_of(parameter.name)
    if role == "kind" and "kind" in wanted:
        return kind_for(day, annotation, wanted["kind"], style)
    if "account" in wanted and (
        role == "account" or set(types) & set(type(raw(wanted["account"])).__mro__[:-1])
    ):
        return raw(wanted["account"])
    for each in learners_own(types):
        members = list(each) if issubclass(each, enum.Enum) else []
        return members[0] if members else construct(day, each, wanted)
    if bool in types:
        return False
    if role in ("number", "account"):
        number = wanted["number"]
        if uuids := [each for each in types if getattr(each, "__name__", "") == "UUID"]:
            return uuids[0](int=number)
        if int in types and str not in types:
            return number
        return [str(number), f"ACC-{number}", number, str(number)[:8]][style % 4]
    if role == "owner":
        return wanted["owner"]
    if role == "balance" and (str not in types or {int, float, Decimal} & set(types)):
        return money(types, wanted["balance"])
    if role in ("minimum", "fee"):
        return money(types, 0)
    if role == "overdraft":
        return money(types, 50)
    if role == "limit":
        return money(types, 1000)
    if role == "rate":
        return 2 if types == [int] else Decimal("0.02") if types == [Decimal] else 0.02
    now = datetime.datetime.now()
    plain = {
        str: "text",
        int: 1,
        float: 1.0,
        Decimal: Decimal(1),
        list: [],
        dict: {},
        tuple: (),
        datetime.datetime: now,
    }
    plain |= {datetime.date: now.date(), type(None): None}
    for each in types:
        if each in plain:
            return plain[each]
    raise TypeError(
        f"do not know what to give for the parameter `{parameter.name}`; looked for an owner (owner, name, holder, customer), "
        "a number (account_number, number, account_id, id), an opening balance (balance, initial_balance, initial_deposit, "
        "opening_balance), interest_rate, overdraft_limit, minimum_balance, or an annotation that tells"
    )


@helper
def kind_for(day, annotation, kind, style):
    """Returns a kind of account as a manager may want to be told it: class, member of an enum, or word."""
    import enum
    import typing

    short = kind.removesuffix("Account")
    for each in types_of(annotation):
        if each is type:
            return raw(getattr(day.banking, kind))
        if isinstance(each, type) and issubclass(each, enum.Enum):
            return next(member for member in each if short.lower() in f"{member.name} {member.value}".lower())
    if typing.get_origin(annotation) is typing.Literal:
        return next(word for word in typing.get_args(annotation) if short.lower() in str(word).lower())
    words = [
        short.lower(),
        kind,
        short,
        short.upper(),
        f"{short.lower()}_account",
        raw(getattr(day.banking, kind)),
    ]
    return words[style // 4 % len(words)]


@helper
def arguments_for(day, parameters, wanted, style=0):
    """Returns positional and keyword arguments: all that must be given, and what of `wanted` can be given."""
    positional, keywords, given = [], {}, set()
    for parameter, annotation, by_position in parameters:
        role = role_of(parameter.name)
        required = parameter.default is parameter.empty
        if required or (role in wanted and role not in given):
            item = argument_for(day, parameter, annotation, wanted, style)
            given.add(role)
        elif by_position:
            item = parameter.default
        else:
            continue
        if by_position:
            positional.append(item)
        else:
            keywords[parameter.name] = item
    return positional, keywords


@helper
def construct(day, cls, wanted):
    """Makes an instance of one of the learner's classes, trying the forms that an account number may have."""
    return construct_by(day, cls, parameters_of(initializers_of(raw(cls))), wanted)


@helper
def construct_by(day, cls, parameters, wanted):
    """Makes an instance of a class whose parameters are known."""
    first = None
    for style in range(4):
        try:
            positional, keywords = arguments_for(day, parameters, wanted, style)
            return cls(*positional, **keywords)
        except NotImplementedError:
            raise
        except Exception as error:
            first = first or error
    raise first


# --- accounts -------------------------------------------------------------------------------------------------------------


@helper
def open_account(day, account):
    """Opens the account that is described, of exactly its kind."""
    wanted = {name: account[name] for name in ("owner", "number", "balance")}
    cls = getattr(day.banking, account["kind"])
    parameters = parameters_of(initializers_of(raw(cls)))
    opened = construct_by(day, cls, parameters, wanted)
    if not any(role_of(parameter.name) == "balance" for parameter, _, _ in parameters):
        move(opened, "deposit", account["balance"])
    return opened


@helper
def open_usable(day, account):
    """Opens the account that is described; of another kind where its own is abstract or not there yet."""
    others = [name for name in ("Account", "SavingsAccount", "CheckingAccount") if name != account["kind"]]
    if account["kind"] != "Account":
        others = [name for name in others if name == "Account"]
    for kind in (account["kind"], *others):
        if can_be_used(day, {**account, "kind": kind}):
            return open_account(day, {**account, "kind": kind})
    return open_account(
        day, account if account["kind"] != "Account" else {**account, "kind": "SavingsAccount"}
    )


@helper
def top_up(account, described):
    """Deposits what is missing of the opening balance, so that a constructor that loses it fails one requirement and not all."""
    missing = described["balance"] - balance_of(account)
    if missing > 0:
        move(account, "deposit", missing)
    return account


@helper
def open_like(day, account):
    """Opens the account that is described, of a kind that can be used, and sees to it that its balance is as described."""
    return top_up(open_usable(day, account), account)


@helper
def can_be_used(day, account):
    """Whether accounts of this kind are there and not abstract: an abstract base cannot be made, or does not deposit or withdraw."""
    import inspect

    try:
        cls = raw(getattr(day.banking, account["kind"]))
    except Missing:
        return False
    if account["kind"] != "Account":
        return True
    if inspect.isabstract(cls):
        return False
    try:
        opened = open_account(day, account)
        move(opened, "deposit", 300)
        move(opened, "withdraw", 30)
    except (NotImplementedError, TypeError, AttributeError):
        return False
    except Exception:
        return True
    return True


@helper
def move(account, name, amount):
    """Calls `deposit` or `withdraw` with an amount, as a number of the type that it asks for."""
    method = getattr(raw(account), name)
    parameters = parameters_of([method])
    if not parameters:
        return method(amount)
    needed = [each for each in parameters[1:] if each[0].default is each[0].empty]
    extra = {parameter.name: "text" for parameter, _, _ in needed}
    return method(money(types_of(parameters[0][1]), amount), **extra)


@helper
def number(found):
    """Returns an amount of money as a plain number; what is none stays as it is."""
    import numbers
    from decimal import Decimal

    found = raw(found)
    if found is None or isinstance(found, bool | str):
        return found
    if isinstance(found, numbers.Number | Decimal):
        return int(found) if found == int(found) else float(found)
    for name in ("amount", "value", "cents"):
        if hasattr(found, name):
            return number(getattr(found, name))
    return found


@helper
def balance_of(account):
    """Returns the balance as a plain number, be it an attribute, a property or a method."""
    return number(value(account, "balance"))


@helper
def attempt(account, name, amount):
    """Tries to move an amount that should be refused, and says what came of it and the balance afterwards.

    A refusal is any exception, or anything returned but True.
    """
    try:
        accepted = move(account, name, amount) is True
    except Exception:
        accepted = False
    return {"returned True": accepted, "balance": balance_of(account)}
