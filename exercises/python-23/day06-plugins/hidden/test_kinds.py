"""The three plugins: text is processed, data is judged, a message is sent; in which form is free."""

from grade_kit.suite import helper, probe, requirement
from probes_find import find, hints_of, initializers_of, leaves, parameters_of, role_of, sample, types_of
from probes_use import constants_of, executed, new_plugin, outcome, spread

WORDS = [
    "amber",
    "basil",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "heron",
    "indigo",
    "juniper",
    "kelp",
    "lagoon",
    "maple",
    "nectar",
]


@helper
def eager_plugin(day, kind):
    """Makes a plugin with everything switched on that its constructor or its configuration can switch on."""
    import dataclasses

    cls = find(day, kind)
    words = constants_of(cls)
    made = new_plugin(day, kind)
    held = [each for each in vars(made).values() if dataclasses.is_dataclass(each)]
    keywords = {}
    for parameter, annotation, _ in parameters_of(initializers_of(cls)):
        types = types_of(annotation)
        if bool in types or isinstance(parameter.default, bool):
            keywords[parameter.name] = True
        elif any("Callable" in each.__name__ for each in types):
            keywords[parameter.name] = str.swapcase
        elif list in types and "Callable" in str(annotation):
            keywords[parameter.name] = [str.swapcase]
        elif list in types and role_of(parameter.name) != "dependencies":
            keywords[parameter.name] = [word for word in words if hasattr(str, word)][:1]
        elif parameter.default is parameter.empty:
            keywords[parameter.name] = sample(day, annotation, parameter.name, {"name": kind})
    made = cls(**keywords) if keywords else made
    for each in [*held, *(each for each in vars(made).values() if dataclasses.is_dataclass(each))]:
        for field in dataclasses.fields(each):
            current = getattr(each, field.name)
            if current is False:
                object.__setattr__(each, field.name, True)
            elif current is None and int in types_of(hints_of(type(each)).get(field.name)):
                object.__setattr__(each, field.name, 7)
            elif current == {} and role_of(field.name) != "metadata":
                object.__setattr__(each, field.name, {" ": "_"})
            elif isinstance(current, list) and not current and role_of(field.name) != "dependencies":
                object.__setattr__(each, field.name, [word for word in words if hasattr(str, word)][:1])
    return made


@helper
def plugins_to_try(day, kind):
    """Yields functions that make a plugin: as it is by default, and with everything switched on."""
    yield lambda: new_plugin(day, kind)
    yield lambda: eager_plugin(day, kind)


@probe(shared=True)
def processed(day, first, second):
    """execute a `TextProcessorPlugin` with {first}, again with {first}, and with {second}"""
    told = None
    for make in plugins_to_try(day, "TextProcessorPlugin"):
        try:
            plugin = make()
            ways = [list(spread(day, plugin, plugin.execute, text))[:60] for text in (first, first, second)]
        except Exception as error:
            if told is None:
                raise
            told = {**told, "error": told["error"] or repr(error)}
            continue
        for calls in zip(*ways):
            seen = [executed(make(), *call) for call in calls]
            made = [each["made"] for each in seen]
            given = [first, *(str(each) for each in (*calls[0][0], *calls[0][1].values()))]
            fresh = [
                item for item in made[0] if item in made[1] and item not in made[2] and item not in given
            ]
            if fresh and seen[0]["error"] is None:
                return {"made of it": fresh[:3], "came back": "something made of it"}
            if told is None or (told["error"] is not None and seen[0]["error"] is None):
                same = bool(made[0]) and made[0] == made[2]
                back = (
                    "the text itself"
                    if first in made[0]
                    else "the same for both texts"
                    if same
                    else "nothing"
                )
                told = {"made of it": [], "came back": back, "error": seen[0]["error"]}
    if isinstance(told["error"], Exception):
        raise told["error"]
    return told


@requirement("text-processor")
def test_a_text_is_processed(candidate, rng):
    """what comes of a text depends on the text, and is not just the text itself"""
    words = rng.sample(WORDS, 9)
    first = f"  {words[0].title()}  {words[1]} {words[2].upper()}, {words[3]}! "
    second = f" {words[4]} {words[5].upper()}?  {words[6].title()}\t{words[7]} and {words[8]}  "
    seen = candidate.run(processed, first, second)
    assert seen["came back"] == "something made of it"


# --- data -----------------------------------------------------------------------------------------------------------------


@helper
def judgement(result, error, printed, data):
    """Returns "accepted" or "refused" for what came of a validation: an exception, a truth, errors, a dict or an object with these, or words."""
    import enum

    if error is not None:
        return "refused"
    if result is None:
        return in_words(" ".join(printed)) if printed else "accepted"
    if isinstance(result, bool):
        return "accepted" if result else "refused"
    if isinstance(result, enum.Enum):
        return in_words(f"{result.name} {result.value}")
    if isinstance(result, str):
        return in_words(result)
    if result is data or (type(result) is type(data) and result == data):
        return "accepted"
    if isinstance(result, tuple) and any(isinstance(each, bool) for each in result):
        return "accepted" if next(each for each in result if isinstance(each, bool)) else "refused"
    if isinstance(result, int | float):
        return "accepted" if result else "refused"
    found = result if isinstance(result, dict) else None
    if found is None and not isinstance(result, list | tuple | set | frozenset):
        found = {
            name: getattr(result, name)
            for name in dir(result)
            if not name.startswith("_") and not callable(getattr(result, name, None))
        }
    if found is not None:
        return of_parts(found, data)
    if is_kept(result, data):
        return "accepted"
    items = list(result)
    if isinstance(data, list) and items and all(each in data for each in items):
        return "accepted" if len(items) == len(data) else "refused"
    return "refused" if items else "accepted"


@helper
def of_parts(found, data):
    """Returns the judgement that the entries of a dict or the attributes of an object make up."""
    for names, good in (
        (
            [
                "valid",
                "is_valid",
                "ok",
                "is_ok",
                "success",
                "passed",
                "succeeded",
                "validated",
                "result",
                "is_success",
            ],
            True,
        ),
        (["invalid", "failed"], False),
    ):
        for name in names:
            if isinstance(found.get(name), bool):
                return "accepted" if found[name] is good else "refused"
    for name in (
        "errors",
        "error",
        "issues",
        "problems",
        "violations",
        "missing",
        "missing_fields",
        "invalid",
        "failures",
        "invalid_fields",
    ):
        if name in found:
            return "refused" if found[name] else "accepted"
    for name in ("status", "result", "message", "validation", "verdict"):
        item = found.get(name)
        if item is not None and item is not data:
            return judgement(item, None, [], data)
    truths = [item for item in found.values() if isinstance(item, bool)]
    # Perhaps it says what is wrong with each field, by the field's name.
    said = [each for item in found.values() for each in (item if isinstance(item, list) else [item])]
    complains = said and all(isinstance(each, str) and in_words(each) == "refused" for each in said)
    return "refused" if False in truths or complains else "accepted"


@helper
def in_words(text):
    """Returns the judgement that a text says."""
    import re

    bad = r"invalid|not valid|not ok|error|fail|missing|must|required|wrong|reject|bad|empty|incorrect|cannot|✗|❌|false"
    return "refused" if re.search(bad, text.lower()) else "accepted"


@helper
def plausible(key):
    """Returns what is probably fine for a field of this name."""
    word = key.lower()
    if "mail" in word:
        return "ada@example.com"
    if any(
        each in word
        for each in ("age", "count", "number", "amount", "quantity", "price", "size", "id", "year", "score")
    ):
        return 36
    if any(each in word for each in ("tags", "items", "list")):
        return ["one"]
    return "Ada" if "date" not in word else "2024-05-17"


@helper
def rule_sets(keys):
    """Returns rules for fields in the forms that a validator may want: types, functions, descriptions, names."""
    described = {key: {"type": type(plausible(key)), "required": True} for key in keys}
    named = {key: {"type": type(plausible(key)).__name__, "required": True} for key in keys}
    return [
        {key: type(plausible(key)) for key in keys},
        {key: (lambda item, kind=type(plausible(key)): isinstance(item, kind)) for key in keys},
        {key: [lambda item, kind=type(plausible(key)): isinstance(item, kind)] for key in keys},
        list(keys),
        described,
        named,
        {key: type(plausible(key)).__name__ for key in keys},
        [lambda item: isinstance(item, dict) and bool(item)],
    ]


@helper
def exchanged(item, old, new):
    """Returns the arguments of a call with another payload in the old one's place."""
    import dataclasses

    if item is old:
        return new
    if isinstance(item, dict):
        return {key: exchanged(each, old, new) for key, each in item.items()}
    if isinstance(item, list):
        return [exchanged(each, old, new) for each in item]
    if dataclasses.is_dataclass(item) and not isinstance(item, type):
        fields = {field.name: getattr(item, field.name) for field in dataclasses.fields(item) if field.init}
        return dataclasses.replace(item, **{name: exchanged(each, old, new) for name, each in fields.items()})
    return item


@probe(shared=True)
def judged(day, keys, spare):
    """execute a `DataValidatorPlugin` with complete data, with {{}}, None, "", -1, [], with fields ({spare}, for example) that are missing, empty or of another type"""
    cls = find(day, "DataValidatorPlugin")
    made = new_plugin(day, "DataValidatorPlugin")
    known = [
        word for word in [*leaves(made), *constants_of(cls)] if isinstance(word, str) and word.isidentifier()
    ]
    known = list(dict.fromkeys(known))[:25]
    first, different, inverted, left = None, None, None, 6000
    for rules in [None, *rule_sets(keys)]:
        wanted = {"rules": rules} if rules is not None else {}
        makes = [lambda: new_plugin(day, "DataValidatorPlugin", wanted)]
        makes += [lambda: ruled(day, rules)] if rules is not None and adders_of(made) else []
        for fields in (keys, [*keys, *known], known or keys):
            data = data_to_try(fields, spare, rules)
            for make in makes:
                found = verdicts(day, make, data, wanted) if left > 0 else None
                left -= len(found or []) * sum(len(each) for each in data.values())
                for number, each in enumerate(found or []):
                    first = first or each
                    accepted = "accepted" in each["complete"].values()
                    if accepted and "refused" in each["worse"].values():
                        return each
                    if is_inverted(each):
                        # Perhaps it wants other values than these, or is told otherwise what is complete.
                        if rules is None and inverted is None:
                            if told := told_by_one_field(day, make, known, spare, number, wanted):
                                return told
                        inverted = inverted or each
                    elif len(answers_in(each)) > 1:
                        different = different or each
    # Where there is more to try than there is time for, nothing is held against it.
    told = (inverted or different if left > 0 else different or inverted) or first
    if told is None:
        raise TypeError("`execute` took none of the data that it was given")
    if isinstance(told["error"], Exception) and answers_in(told) == {"refused"}:
        raise told["error"]
    return told


@helper
def is_inverted(judged):
    """Whether complete data is refused, and worse is accepted."""
    complete = judged["complete"].values()
    return judged["as data"] and "refused" in complete and "accepted" not in complete and "accepted" in judged["worse"].values()


@helper
def answers_in(judged):
    """Returns which answers there were: "accepted", "refused" or both."""
    return {answer for sort in ("complete", "worse", "other") for answer in judged[sort].values()} - {"crashed"}


@helper
def data_to_try(fields, spare, rules):
    """Returns data that has all of the fields, data that has not, or with nothing useful in them, and something else."""
    full = {key: plausible(key) for key in fields}
    wrong = {key: -1 if isinstance(item, str) else "none" for key, item in full.items()}
    lacking = [{key: item for key, item in full.items() if key != each} for each in fields[:3]]
    fractions = {key: item + 0.5 if isinstance(item, int) else item for key, item in full.items()}
    # Nobody knows of which types the fields of a validator are that was not told.
    others = [fractions, dict.fromkeys(fields, "Ada"), dict.fromkeys(fields, 36)]
    return {
        "complete": [full, *(others if rules is None else [])],
        "worse": [{}, {spare: 1}, dict.fromkeys(fields), dict.fromkeys(fields, ""), wrong, *lacking],
        "other": [None, "", -1, [], "ada", 7, "ada@example.com", [1, 2], {"name": "Ada", "age": 36}],
    }


@helper
def told_by_one_field(day, make, words, spare, number, wanted):
    """Returns how data of a single field was judged that is accepted with some value and refused with another, or None where there is none."""
    values = ["Ada", 36, 1.5, True, ["one"], {"one": 1}, "ada@example.com", "2024-05-17", *words]
    for key in words:
        worse = [*({key: each} for each in (None, "", -1, [])), {spare: "Ada"}]
        data = {"complete": [{key: each} for each in values], "worse": worse}
        found = (verdicts(day, make, {**data, "other": []}, wanted) or [])[number:][:1]
        for each in found:
            if "accepted" in each["complete"].values() and "refused" in each["worse"].values():
                return each
    return None


@helper
def ruled(day, rules):
    """Makes a validator and adds rules to it, where it has a method for that."""
    made = new_plugin(day, "DataValidatorPlugin")
    for name in adders_of(made):
        method = getattr(made, name)
        for key, rule in (
            rules.items()
            if isinstance(rules, dict) and name.startswith(("add", "register"))
            else [(None, rules)]
        ):
            method(*([key, rule] if key is not None and len(parameters_of([method])) > 1 else [rule]))
    return made


@helper
def adders_of(plugin):
    """Returns the names of the methods by which a validator is told rules."""
    names = ["add_rule", "add_validator", "register_rule", "add_validation", "add_check"]
    return [each for each in (*names, "set_rules", "set_schema", "add_field") if hasattr(plugin, each)]


@helper
def verdicts(day, make, data, wanted):
    """Returns, for every way to hand data over, how each of the data was judged; None where no such plugin can be made."""
    full = data["complete"][0]
    try:
        plugin = make()
        ways = list(spread(day, plugin, plugin.execute, full, wanted))[:30]
    except Exception:
        if wanted:
            return None
        raise
    found = []
    for positional, keywords in ways:
        seen = {}
        for sort, items in data.items():
            given = [(exchanged(positional, full, item), exchanged(keywords, full, item)) for item in items]
            seen[sort] = [outcome(make(), *each) for each in given]
        says_no = any(is_no(each["result"]) for sort in seen.values() for each in sort)
        keeps = any(is_kept(each["result"], item) for sort in data for item, each in zip(data[sort], seen[sort], strict=True))
        judged = {"as data": as_data([*positional, keywords], full), "error": seen["complete"][0]["error"]}
        for sort, items in data.items():
            answers = [answer_to(item, each, sort, says_no, keeps) for item, each in zip(items, seen[sort], strict=True)]
            judged[sort] = dict(zip(map(repr, items), answers, strict=True))
        found.append(judged)
    return found


@helper
def answer_to(item, seen, sort, says_no, keeps):
    """Returns "accepted", "refused" or "crashed" for what came of one validation. `says_no`: other data was refused by a returned no; `keeps`:
    of a list of records, the good ones come back."""
    if sort != "worse" and isinstance(seen["error"], AttributeError):
        # That something is no dict at all is noticed by any code that uses it as one; and a dict may be none of the records that it takes.
        return "crashed"
    if says_no and seen["result"] is None and seen["error"] is None and not seen["printed"]:
        # Where False or a dict with `valid` is a no, nothing is no yes.
        return "refused"
    if keeps and isinstance(seen["result"], list | tuple) and not seen["result"]:
        # The record was dropped: these are no errors, of which there are none.
        return "refused"
    return judgement(seen["result"], seen["error"], seen["printed"], item)


@helper
def is_kept(result, data):
    """Whether what came back is the only record of the list that was given."""
    return isinstance(result, list | tuple) and len(result) == 1 and result[0] == data


@helper
def is_no(result):
    """Whether a result says by a truth that data is refused."""
    names = ("valid", "is_valid", "ok", "is_ok", "success", "passed")
    parts = result if isinstance(result, dict) else {name: getattr(result, name, None) for name in names}
    return result is False or any(parts.get(name) is False for name in names)


@helper
def as_data(given, full):
    """Whether the data is handed over under names for data alone, or under one name; not as rules and the like as well."""
    for each in given:
        names = [name for name, item in each.items() if item is full] if isinstance(each, dict) and each is not full else []
        if len(names) > 1 and any(role_of(name) not in ("text", "data") for name in names):
            return False
    inner = [item for each in given if isinstance(each, dict) and each is not full for item in each.values()]
    return all(as_data([each], full) for each in inner if isinstance(each, dict) and each is not full)


@requirement("data-validator")
def test_good_data_is_told_from_bad(candidate, rng):
    """some data is accepted and other data is not"""
    keys = rng.sample(["name", "email", "age", "city", "country", "score"], 3)
    seen = candidate.run(judged, keys, rng.choice(WORDS))
    complete, worse = seen["complete"], seen["worse"]
    answers = {*complete.values(), *worse.values(), *seen["other"].values()}
    crashed = " or made it crash" if "crashed" in answers else ""
    assert {"accepted", "refused"} <= answers, f"all of the data was {(answers - {'crashed'}).pop()}{crashed}"
    taken = next((data for data, answer in worse.items() if answer == "accepted"), None)
    assert not is_inverted(seen), f"complete data was refused ({next(iter(complete))}), and this accepted: {taken}"


# --- messages -------------------------------------------------------------------------------------------------------------


@probe(shared=True)
def notified(day, message):
    """execute a `NotificationPlugin` with the message {message}"""
    told = None
    for make in plugins_to_try(day, "NotificationPlugin"):
        try:
            plugin = make()
            calls = list(spread(day, plugin, plugin.execute, message))[:60]
        except Exception:
            if told is None:
                raise
            continue
        for call in calls:
            seen = executed(make(), *call)
            if any(message.casefold() in str(item).casefold() for item in seen["made"]):
                return {"came of it": [str(item) for item in seen["made"]][:5]}
            if told is None or (told["error"] is not None and seen["error"] is None):
                told = {"came of it": [str(item) for item in seen["made"]][:5], "error": seen["error"]}
    if told["error"] is not None:
        raise told["error"]
    return {"came of it": told["came of it"]}


@requirement("notification")
def test_a_message_is_sent(candidate, rng):
    """the message is printed, logged, returned or kept"""
    message = f"{rng.choice(WORDS)} {rng.randint(100, 999)} {rng.choice(WORDS)}"
    made = candidate.run(notified, message)["came of it"]
    assert any(message.casefold() in each.casefold() for each in made), (
        f"the text {message!r} is nowhere in what came of it"
    )
