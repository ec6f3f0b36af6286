"""How this day's probes talk to a learner's validator, whatever it is called and however it is asked.

The plan gives the file's name and nothing else. So a way to ask is found by trying: which function or method takes a configuration
(or a file) and a schema, in which order, and which form of schema makes it accept what is right and refuse what is wrong. A *way* is plain
data; it is found once for each run, and every probe then asks in that way.
"""

from grade_kit.names import Missing, raw
from grade_kit.suite import ProbeFailed, helper, probe
from probes_answers import answer_of, own_exceptions, without_notes
from probes_forms import (
    accepted_names,
    own_things,
    says_what_is_required,
    sections,
    spellings,
    structures_for,
    write,
)

# --- asking in a way that is known ----------------------------------------------------------------------------------------


@helper
def ask(day, way, schema, config, path=None):
    """Asks whether a configuration, or the file at `path`, fits the schema, and returns the answer."""
    schema = write(day, way["form"], schema)

    def action():
        given = {"schema": schema, "x": subject(day, way, config, path), "text": "", "list": [], "dict": {}}
        return asked(day, way["call"], given)

    return answer_of(config, action)


@helper
def ask_in_turn(day, way, schema, configs):
    """Asks about one configuration after the other, of one and the same validator where its constructor takes the schema alone."""
    call, schema = way["call"], write(day, way["form"], schema)
    init, answers = call["init"], []
    one = None if init is None or any(token == "x" for _, token in init) else put_in(
        own_things(day)[call["target"]], init, {"schema": schema, "text": "", "list": [], "dict": {}}
    )
    for config in configs:

        def action(config=config):
            given = {"schema": schema, "x": subject(day, way, config, None), "text": "", "list": [], "dict": {}}
            return asked(day, call, given, one)

        answers.append(answer_of(config, action))
    return answers


@helper
def subject(day, way, config, path):
    """Returns what is handed over for validation: the configuration, its file, or what the learner's loader makes of it."""
    import copy
    import json
    import os
    import pathlib
    import tempfile

    kind = way["takes"]
    if kind == "data" and path is None:
        return copy.deepcopy(config)
    if path is None:
        folder = os.path.join(tempfile.gettempdir(), f"configs-{os.getpid()}")
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, "config.json")
        pathlib.Path(path).write_text(json.dumps(config, indent=2))
    if kind in ("data", "loaded"):
        found = load(day, way["loaders"], path)
        plain = plain_data(found)
        # Some loaders give the lines as well; whoever validates data knows which part of it to hand on.
        return found if kind == "loaded" or plain is None or isinstance(found, dict) else plain
    return pathlib.Path(path) if kind == "path" else path


@helper
def asked(day, call, given, one=None):
    """Does a call that is described, on `one` where there is such an object already. Returns what came back, and the object."""
    things = own_things(day)
    target = things[call["target"]]
    if call["globals"]:
        for name in call["globals"]:
            held = getattr(raw(day.config_validator), name)
            held.clear()
            held.update(given["schema"])
    if call["method"] is None:
        return put_in(target, call["args"], given), None
    asked_of = target if call["init"] is None else put_in(target, call["init"], given) if one is None else one
    if call["load"]:
        put_in(getattr(asked_of, call["load"]), call["load args"], given)
    return put_in(getattr(asked_of, call["method"]), call["args"], given), asked_of


@helper
def put_in(function, args, given):
    """Calls a function with what is given for each of its parameters."""
    import inspect

    positional, keywords = [], {}
    parameters = inspect.signature(function).parameters
    for name, what in args:
        if parameters[name].kind is inspect.Parameter.KEYWORD_ONLY or keywords or len(positional) != list(
            parameters
        ).index(name):
            keywords[name] = given[what]
        else:
            positional.append(given[what])
    return function(*positional, **keywords)


@helper
def load(day, loaders, path):
    """Returns what the learner's loader makes of a file; where there is one for each kind of file, the one for this kind is asked."""
    import pathlib

    if not loaders:
        raise Missing("config_validator.py", "load_config", accepted_names(day, "load_config"))
    kind = "json" if path.endswith(".json") else "yaml"
    loader = next((each for each in loaders if each["kind"] in ("any", kind)), loaders[0])
    given = {"x": pathlib.Path(path) if loader["takes"] == "path" else path, "schema": {}, "text": ""}
    result, asked_of = asked(day, loader["call"], given)
    return asked_of if result is None and asked_of is not None else result


@helper
def plain_data(found):
    """Returns what was loaded as plain data, or None where it is none."""
    if isinstance(found, tuple):
        found = next((each for each in found if isinstance(each, dict)), None)
    if not isinstance(found, dict):
        held = [getattr(found, name, None) for name in ("data", "config", "_config", "_data", "content", "values")]
        found = next((each for each in held if isinstance(each, dict)), None)
    return None if found is None else without_notes(found)


# --- finding a way ----------------------------------------------------------------------------------------------------------


@helper
def role_of(parameter):
    """Returns what a parameter stands for, judged by its name: "schema", "path", "config", or None."""
    words = parameter.name.lower().strip("_").replace("_", " ").split()
    if {"path", "file", "filename", "filepath", "fp"} & set(words) and "schema" not in words:
        return "path"
    if {"schema", "spec", "rules", "rule", "model", "definition", "specification", "template", "fields"} & set(words):
        return "schema"
    known = {"config", "cfg", "conf", "data", "settings", "configuration", "document", "doc", "content", "contents"}
    return "config" if (known | {"raw", "parsed", "obj", "mapping", "values", "instance"}) & set(words) else None


@helper
def arrangements(function, tokens):
    """Returns the ways of giving what the tokens name to a function: lists of (parameter, token)."""
    import inspect

    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return []
    parameters = [each for each in parameters if each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)]
    required = [each for each in parameters if each.default is each.empty]
    token_of = {"schema": "schema", "path": "x", "config": "x"}
    by_role, taken = {}, set()
    for parameter in sorted(parameters, key=lambda each: each not in required):
        token = token_of.get(role_of(parameter))
        if token in tokens and token not in taken:
            by_role[parameter.name] = token
            taken.add(token)
    tries = [by_role] if taken == set(tokens) else []
    first = [each.name for each in parameters[: len(tokens)]]
    if len(first) == len(tokens):
        tries += [dict(zip(first, tokens)), dict(zip(first, tokens[::-1]))]
    found = []
    for chosen in tries:
        filled = fill(required, chosen)
        arrangement = [(each.name, filled[each.name]) for each in parameters if filled and each.name in filled]
        if filled is not None and arrangement not in found:
            found.append(arrangement)
    return found


@helper
def fill(required, chosen):
    """Returns the choice with something empty for what else must be given, or None where that is not known."""
    filled = dict(chosen)
    for parameter in required:
        if parameter.name not in filled:
            hint = str(parameter.annotation).lower()
            empty = [word for word in ("list", "dict") if word in hint]
            if role_of(parameter) == "schema":
                return None
            if not empty and not ("str" in hint or role_of(parameter) == "path" or parameter.name == "prefix"):
                return None
            filled[parameter.name] = empty[0] if empty else "text"
    return filled


@helper
def functions_of(day, *names):
    """Returns the names of the learner's functions, those that go by one of the names first."""
    import inspect

    things = own_things(day)
    listed = [each for name in names for each in accepted_names(day, name)]
    found = [name for name in dict.fromkeys(listed) if name in things and not isinstance(things[name], type)]
    others = [name for name, each in things.items() if inspect.isfunction(each) and not name.startswith("_")]
    return found + [name for name in others if name not in found and name not in ("main", "cli", "demo", "run")]


@helper
def classes_of(day, name):
    """Returns the names of the learner's classes that may validate or load, those that go by the name first."""
    import enum

    things = own_things(day)
    found = [each for each in accepted_names(day, name) if isinstance(things.get(each), type)]
    others = [
        each
        for each, thing in things.items()
        if isinstance(thing, type) and not issubclass(thing, BaseException | enum.Enum) and each not in found
    ]
    # A parser that is derived from a library's has a hundred methods that validate nothing.
    familiar = ("builtins", "abc", "typing", "collections", "collections.abc", "types")
    own = {type_.__module__ for type_ in things.values() if isinstance(type_, type)}
    others = [each for each in others if {base.__module__ for base in things[each].__mro__} <= own | set(familiar)]
    return found + others


@helper
def methods_of(day, cls, owner, *names):
    """Returns the names of a class's methods, those that go by one of the names first."""
    listed = [each for name in names for each in accepted_names(day, name, owner)]
    found = [each for each in dict.fromkeys(listed) if callable(getattr(cls, each, None))]
    others = [each for each in dir(cls) if not each.startswith("_") and callable(getattr(cls, each))]
    return found + [each for each in others if each not in found]


@helper
def without_self(cls, name):
    """Returns a class's method as it is called on an instance, or as it is when it needs none."""
    import functools
    import inspect

    held = inspect.getattr_static(cls, name, None)
    method = getattr(cls, name)
    if isinstance(held, staticmethod | classmethod):
        return method, True
    return functools.partial(method, None), False


@helper
def calls(day, tokens):
    """Yields the calls that may validate: functions first, then classes. `tokens` are what a call must be given."""
    held = [
        name
        for name, each in vars(raw(day.config_validator)).items()
        if isinstance(each, dict) and "schema" in name.lower()
    ]
    things = own_things(day)
    empty = {"init": None, "load": None, "load args": [], "method": None, "globals": []}
    for name in functions_of(day, "validate", "validate_file"):
        for args in arrangements(things[name], tokens):
            yield {**empty, "target": name, "args": args}
        for args in arrangements(things[name], ["x"]) if held else []:
            yield {**empty, "target": name, "args": args, "globals": held}
    for name in classes_of(day, "ConfigValidator"):
        yield from calls_of_class(day, {**empty, "target": name}, tokens, held)


@helper
def calls_of_class(day, empty, tokens, held):
    """Yields the calls of a class's methods, with what its constructor takes, and what a method takes before."""
    cls = own_things(day)[empty["target"]]
    splits = [(["schema"], ["x"]), (["x", "schema"], []), (["x"], ["schema"]), ([], ["x", "schema"])]
    for method in methods_of(day, cls, "ConfigValidator", "validate", "validate_file"):
        function, static = without_self(cls, method)
        if static:
            for args in arrangements(function, tokens):
                yield {**empty, "method": method, "args": args}
            continue
        for before, after in splits:
            for init in arrangements(cls, before) if before else [fill(needed(cls), {})]:
                for args in arrangements(function, after) if after else [fill(needed(function), {})]:
                    if init is not None and args is not None:
                        yield {**empty, "init": pairs(init), "method": method, "args": pairs(args)}
        if held:
            for init in [fill(needed(cls), {})]:
                for args in arrangements(function, ["x"]):
                    if init is not None:
                        yield {**empty, "init": pairs(init), "method": method, "args": args, "globals": held}
        if fill(needed(function), {}) is not None:
            for loader in methods_of(day, cls, "ConfigValidator", "load"):
                loading, no_self = without_self(cls, loader)
                if loader == method or no_self:
                    continue
                for init in arrangements(cls, ["schema"]):
                    for args in arrangements(loading, ["x"]):
                        yield {**empty, "init": init, "load": loader, "load args": args, "method": method, "args": []}


@helper
def needed(function):
    """Returns the parameters that must be given."""
    import inspect

    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    kinds = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [each for each in parameters if each.default is each.empty and each.kind not in kinds]


@helper
def pairs(chosen):
    """Returns an arrangement as a list of pairs."""
    return list(chosen.items()) if isinstance(chosen, dict) else chosen


@helper
def loading_calls(day):
    """Yields the calls that may load a file, and whether they go by a name that is accepted for one."""
    things = own_things(day)
    empty = {"init": None, "load": None, "load args": [], "method": None, "globals": []}
    words = [name for key in ("load_config", "load_json", "load_yaml") for name in accepted_names(day, key)]
    for name in functions_of(day, "load_config", "load_json", "load_yaml"):
        for args in arrangements(things[name], ["x"]):
            yield {**empty, "target": name, "args": args}, name in words
    for name in [*classes_of(day, "ConfigLoader"), *classes_of(day, "ConfigValidator")]:
        cls = things[name]
        for method in methods_of(day, cls, "ConfigLoader", "load"):
            function, static = without_self(cls, method)
            known = method in accepted_names(day, "load", "ConfigLoader")
            target = {**empty, "target": name, "method": method}
            if static:
                for args in arrangements(function, ["x"]):
                    yield {**target, "args": args}, known
                continue
            for init in ([], ["schema"]):
                for before in arrangements(cls, init) if init else [pairs(fill(needed(cls), {}))]:
                    for args in arrangements(function, ["x"]) if before is not None else []:
                        yield {**target, "init": before, "args": args}, known
            for before in arrangements(cls, ["x"]) if fill(needed(function), {}) == {} else []:
                yield {**target, "init": before, "args": []}, known


@helper
def loaders_of(day):
    """Returns the learner's loaders, those that give plain data first: functions and methods that make something of a file."""
    import contextlib
    import io
    import os
    import pathlib
    import tempfile

    folder, texts = tempfile.mkdtemp(), {"json": '{"answer": 42}', "yaml": "answer: 42\n"}
    for kind, text in texts.items():
        pathlib.Path(folder, f"sample.{kind}").write_text(text)
    groups = {"plain": [], "other": [], "named": []}
    for call, known in loading_calls(day):
        for takes in ("path", "text path"):
            made = {}
            for kind in texts:
                loader = {"call": call, "takes": takes, "kind": "any"}
                with contextlib.suppress(Exception, SystemExit), contextlib.redirect_stdout(io.StringIO()):
                    made[kind] = load(day, [loader], os.path.join(folder, f"sample.{kind}"))
            plain = [kind for kind, each in made.items() if plain_data(each) == {"answer": 42}]
            if plain:
                groups["plain"].append({**loader, "kind": "any" if len(plain) == 2 else plain[0]})
                break
            objects = [each for each in made.values() if not isinstance(each, int | str | list | None)]
            if known:
                groups["other" if objects else "named"].append(loader)
    return for_each_kind(groups["plain"], groups["named"]) or groups["other"] or groups["named"]


@helper
def for_each_kind(plain, named):
    """Returns loaders of plain data, those that say in their names which kind of file they are for with that kind alone.

    JSON is YAML as well, so `read_yaml` reads both; but where there is a `read_json`, that is what reads JSON, even if it does not.
    """

    def said(loader):
        name = (loader["call"]["method"] or loader["call"]["target"]).lower()
        kinds = [kind for kind, words in (("json", ("json",)), ("yaml", ("yaml", "yml"))) if any(each in name for each in words)]
        return kinds[0] if len(kinds) == 1 else None

    if {said(loader) for loader in plain} - {None} in ({"json"}, {"yaml"}) and all(said(loader) for loader in plain):
        other = "yaml" if said(plain[0]) == "json" else "json"
        lost = [{**loader, "kind": other} for loader in named if said(loader) == other]
        if lost:
            return [*({**loader, "kind": said(loader)} for loader in plain), lost[0]]
    return plain


@helper
def value_tokens(call):
    """Returns the name of the parameter that is given the configuration, or its file."""
    every = [*(call["init"] or []), *call["load args"], *call["args"]]
    return next(name for name, token in every if token == "x")


@helper
def kinds_taken(call):
    """Returns what to hand over, the likeliest first: the configuration, its file, or what the loader makes of it."""
    words = value_tokens(call).lower()
    if any(word in words for word in ("path", "file")):
        return ["path", "text path"]
    if any(word in words for word in ("config", "data", "settings", "value")):
        return ["data", "loaded"]
    return ["data", "loaded", "path", "text path"]


@helper
def rank_of(day, call):
    """Returns how likely a call is to validate: 0 where its name is accepted, 1 where its parameters are called what they are, else 2."""
    known = [each for name in ("validate", "validate_file") for each in accepted_names(day, name)]
    known += [each for name in ("validate", "validate_file") for each in accepted_names(day, name, "ConfigValidator")]
    if (call["method"] or call["target"]) in known:
        return 0
    roles = {"schema": ("schema", "spec", "rules", "fields"), "x": ("config", "data", "path", "file", "settings", "cfg")}
    every = [*(call["init"] or []), *call["load args"], *call["args"]]
    return 1 if all(any(word in name for word in roles.get(token, ())) for name, token in every) else 2


@helper
def points(day, way, schema, good, bad, name):
    """Returns how well a way tells right configurations from wrong ones, or None where it refuses the right one.

    Each wrong one counts up to three points: it is refused, not by a mere crash, and the field is named.
    """
    total = 0
    if ask(day, way, schema, good)["refused"]:
        return None
    for config in bad:
        day.put_back()
        answer = ask(day, way, schema, config)
        if answer["refused"]:
            raised = answer["raised"]
            clean = raised is None or own_exceptions(day, [type(raised)]) or isinstance(raised, ValueError)
            total += 1 + bool(clean) + any(name in text for text in answer["said"])
    return total


@helper
def flat_forms(day):
    """Yields the forms that schemas without sections may have, the likeliest first."""
    things = own_things(day)
    wraps = [f"top {name}" for name in accepted_names(day, "build_schema") if name in things]
    wraps += ["", *[f"{when} {name}" for name in accepted_names(day, "Schema") if name in things for when in ("top", "every")]]
    fitting = structures_for(day)
    for wrap in wraps:
        for structure in fitting:
            for index in range(len(spellings(day, "int"))):
                # `integer` goes with `object` as `int` does with `dict`.
                types = {"int": index, "dict": index if index < 4 else 0}
                yield {"structure": structure, "types": types, "nested": sections(structure)[0], "wrap": wrap}


@helper
def file_ways(day, form, loaders):
    """Returns the ways to have a file validated by functions that take it and the schema and say by their names that they validate it."""
    found = []
    names = [name for name in accepted_names(day, "validate_file") if name.startswith(("validate", "check"))]
    for call in calls(day, ["x", "schema"]):
        if call["target"] not in names or call["globals"] or any(way["call"]["target"] == call["target"] for way in found):
            continue
        for takes in ("path", "text path"):
            way = {"call": call, "takes": takes, "loaders": loaders, "form": form}
            if trial(day, way, {"alpha": "int"}, {"alpha": 5}, [], "alpha") is not None:
                found.append(way)
                break
    return found


@helper
def best_form(day, way):
    """Returns the form in which this way of asking works best, and its points; (None, None) where it refuses what is right in all forms.

    Points for sections count less than those without, because every form is tried on fields first.
    """
    found, best, most = [], None, None
    for form in flat_forms(day):
        flat = trial(day, {**way, "form": form}, {"alpha": "int"}, {"alpha": 5}, [{"alpha": "five"}, {}], "alpha")
        if flat is None or any(flat <= points and form["structure"] == other["structure"] for points, other in found):
            continue
        found.append((flat, form))
        if flat == 6:
            nested, more = best_nested(day, {**way, "form": form})
            if most is None or more > most - 600:
                best, most = nested, 600 + more
            if more == 6:
                return best, most
    if best is None and found:
        top = max(flat for flat, _ in found)
        for form in [form for flat, form in found if flat == top] if top else [found[0][1]]:
            nested, more = best_nested(day, {**way, "form": form})
            if most is None or more > most - 100 * top:
                best, most = nested, 100 * top + more
    return best, most


@helper
def best_nested(day, way):
    """Returns the form in which this way of asking works best with sections, and its points."""
    form, best, most = way["form"], way["form"], -1
    schema, good, bad = {"alpha": {"beta": "int"}}, {"alpha": {"beta": 5}}, [{"alpha": {"beta": "five"}}, {"alpha": {}}]
    # Whoever spells a number one way spells a section the same way.
    spelled_so = form["types"]["dict"]
    several = form["structure"][0] in ("spec", "list", "object", "dotted", "split")
    order = sorted(range(len(spellings(day, "dict"))), key=lambda index: index != spelled_so) if several else [0]
    for nested in sections(form["structure"]):
        for index in order:
            tried = {**form, "nested": nested, "types": {**form["types"], "dict": index}}
            found = trial(day, {**way, "form": tried}, schema, good, bad, "beta")
            if found is not None:
                order = [index, *(each for each in order if each != index)]
                if found > most:
                    best, most = tried, found
                break
        if most == 6:
            break
    return best, max(most, 0)


@helper
def trial(day, way, schema, good, bad, name):
    """Returns the points of a way, or None where it cannot be gone."""
    try:
        return points(day, way, schema, good, bad, name)
    except Exception:
        return None
    finally:
        day.put_back()


@helper
def with_all_types(day, way):
    """Returns the way with the spelling of every type in which it works."""
    samples = {"str": ("five", 5), "float": (1.5, "five"), "bool": (True, "five"), "list": (["five"], "five")}
    form = way["form"]
    for kind, (good, bad) in samples.items():
        most = -1
        for index in range(len(spellings(day, kind))):
            tried = {**form, "types": {**form["types"], kind: index}}
            found = trial(day, {**way, "form": tried}, {"alpha": kind}, {"alpha": good}, [{"alpha": bad}], "alpha")
            if found is not None and found > most:
                form, most = tried, found
            if most == 3:
                break
    schema, config = {"alpha": "int", "beta": "int, may be missing"}, {"alpha": 5}
    way = {**way, "form": form}
    optional = says_what_is_required(day, form) or trial(day, way, schema, config, [], "") is not None
    return {**way, "optional": optional}


@helper
def ways_of(day, loaders):
    """Returns the ways to ask, the best first. Once one works in all that is tried, its form is the only one tried with the others."""
    found, known = [], None
    for rank, call in sorted(((rank_of(day, call), call) for call in calls(day, ["x", "schema"])), key=lambda each: each[0]):
        if rank == 2 and found and not known:
            break
        for takes in kinds_taken(call):
            if takes == "loaded" and not loaders:
                continue
            way = {"call": call, "takes": takes, "loaders": loaders}
            if known:
                total = trial(day, {**way, "form": known}, {"alpha": "int"}, {"alpha": 5}, [{"alpha": "five"}, {}], "alpha")
                form, most = known, None if total is None else 100 * total
            else:
                form, most = best_form(day, way)
            if most is not None:
                found.append((most, {**way, "form": form}))
                known = form if most >= 400 else known
                break
        if len(found) == 12:
            break
    found.sort(key=lambda each: -(each[0] // 100))
    found = [each for each in found if each[0] // 100] or found[:1]
    return [{**with_all_types(day, way), "points": most // 100} for most, way in found]


@probe
def find_ways(day):
    """find the validator in `config_validator.py`, and the form of schema that it takes"""
    loaders = loaders_of(day)
    ways = ways_of(day, loaders)
    if ways and ways[0]["points"]:
        return {"ways": ways, "loaders": loaders, "files": file_ways(day, ways[0]["form"], loaders)}
    if ways:
        call = ways[0]["call"]
        return {"ways": [], "loaders": loaders, "asked": call["method"] or call["target"], "said": None}
    first = next(calls(day, ["x", "schema"]), None)
    if first is None:
        tried = [name for key in ("validate", "validate_file", "ConfigValidator") for name in accepted_names(day, key)]
        raise Missing("config_validator.py", "validate", tried)
    way = {"call": first, "takes": kinds_taken(first)[0], "loaders": loaders}
    form = {"structure": ("plain",), "types": {}, "nested": ("bare",), "wrap": ""}
    answer = ask(day, {**way, "form": form}, {"port": "int"}, {"port": 5})
    said = [*answer["said"], ""]
    kind = type(answer["raised"]).__name__ if answer["raised"] is not None else "it was refused"
    told = f"{kind}: {said[0]}" if said[0] else kind
    return {"ways": [], "loaders": loaders, "asked": first["method"] or first["target"], "said": told}


# --- what tests share, in the examiner --------------------------------------------------------------------------------------

_FOUND = {}


def found_in(candidate):
    """Returns the ways to ask and the loaders; they are looked for once in a run."""
    if candidate not in _FOUND:
        try:
            _FOUND[candidate] = candidate.run(find_ways, timeout=40)
        except ProbeFailed as failed:
            # Nobody waits for the same thing twice.
            if failed.observation.kind != "timed-out":
                raise
            _FOUND[candidate] = failed
    found = _FOUND[candidate]
    if isinstance(found, ProbeFailed):
        raise found
    forms = "`grade show day3` lists the forms of schema that are tried, and how to add your own"
    assert found["ways"] or found["said"] is not None, (
        f"`{found['asked']}` refuses nothing, in no form of schema that is known: where `port` must be an int, "
        f"{{'port': 'five'}} and {{}} were accepted. {forms}"
    )
    assert found["ways"], (
        f"`{found['asked']}` accepts the configuration {{'port': 5}} in no form of schema that is known; "
        f"with {{'port': int}} it said: {found['said']}. {forms}"
    )
    return found


def way_to_ask(candidate):
    """Returns the best way to have a configuration validated."""
    return found_in(candidate)["ways"][0]


def way_to_read(candidate):
    """Returns the best way to have a file validated: by the learner's loader and then the validator, or by what takes a file."""
    ways, loaders = found_in(candidate)["ways"], found_in(candidate)["loaders"]
    by_file = [way for way in ways if way["takes"] in ("path", "text path")]
    return by_file[0] if by_file and (not loaders or by_file[0]["points"] >= ways[0]["points"]) else ways[0]


@probe(shared=True)
def validated(day, way, schema, config):
    """validate {config} against the schema {schema}"""
    return in_words(ask(day, way, schema, config))


@probe(shared=True)
def validated_in_turn(day, way, schema, configs):
    """validate one after the other against the schema {schema}: {configs}"""
    return [in_words(answer) for answer in ask_in_turn(day, way, schema, configs)]


@helper
def in_words(answer):
    """Returns an answer in words: "accepted", or "refused" with what was said."""
    if not answer["refused"]:
        return "accepted"
    raised = answer["raised"]
    kind = f"{type(raised).__name__}: " if raised is not None else ""
    return f"refused, {kind}{answer['said'][0] if answer['said'] else ''}"


def verdict(said):
    """Returns "accepted" or "refused", without what was said."""
    return said.partition(",")[0]


def first_wrong(candidate, probe, cases, is_right):
    """Returns what a probe sees of the first case of which it is not right, and what would be; of the last case where there is none.

    A case is a schema, a configuration, and what is right of them.
    """
    way = way_to_ask(candidate)
    for schema, config, right in cases:
        seen = candidate.run(probe, way, schema, config)
        if not is_right(seen, right):
            break
    return seen, right


def judged(candidate, cases):
    """Returns what is said of the first case, and what was wanted of it, "accepted" or "refused", where these differ; else twice the same."""
    said, wanted = first_wrong(candidate, validated, cases, lambda said, wanted: verdict(said) == wanted)
    return wanted if verdict(said) == wanted else said, wanted
