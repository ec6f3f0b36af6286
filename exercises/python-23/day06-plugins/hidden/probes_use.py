"""How this day's probes call `execute` of the learner's plugins, whatever it takes, and see what came of it."""

from grade_kit.suite import helper
from probes_find import construct, find, is_dataclass_type, leaves, parameters_of, role_of, sample, types_of


@helper
def new_plugin(day, kind, wanted=None):
    """Makes one of the learner's own plugins."""
    return construct(day, find(day, kind), wanted or {})


@helper
def constants_of(cls):
    """Returns the words in quotes in the code of a class and its bases: keys that it reads, operations that it knows."""
    import types

    found, ahead = [], []
    for base in cls.__mro__:
        for each in vars(base).values() if base is not object else []:
            function = getattr(each, "fget", None) or getattr(each, "__func__", None) or each
            ahead += [function.__code__] if isinstance(function, types.FunctionType) else []
            found += [
                word
                for word in (each if isinstance(each, list | tuple | set | dict) else [])
                if isinstance(word, str)
            ]
    while ahead:
        code = ahead.pop(0)
        for each in code.co_consts:
            if isinstance(each, types.CodeType):
                ahead.append(each)
            elif isinstance(each, tuple | frozenset):
                found += [word for word in each if isinstance(word, str)]
            elif isinstance(each, str):
                found.append(each)
    return [word for word in dict.fromkeys(found) if word.isidentifier() and len(word) < 30]


@helper
def spread(day, plugin, function, payload, wanted=None):
    """Yields the ways to hand `payload` to a plugin's `execute`, as positional and keyword arguments.

    By position where there is room, as the type that is asked for; within a dict under the keys that the class reads; as keyword
    arguments under these keys.
    """
    import inspect

    words = constants_of(type(plugin))
    content = [
        "text",
        "message",
        "data",
        "content",
        "input",
        "body",
        "value",
        "payload",
        "msg",
        "input_text",
        "input_data",
        "record",
    ]
    keys = [word for word in words if role_of(word) in ("text", "data")]
    inside = [{key: payload for key in keys}] if keys else []
    inside += [{key: payload for key in content}, {word: payload for word in words}]
    parameters = [each for each in inspect.signature(function).parameters.values()]
    named = [
        each
        for each in parameters
        if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)
    ]
    slots = [each for each in named if role_of(each.name) in ("text", "data")]
    slots = slots or [each for each in named if each.default is each.empty or role_of(each.name) is None][:1]
    rest = parameters_of([function])
    for slot in slots[:2]:
        annotation = next(note for each, note, _ in rest if each.name == slot.name)
        for form in forms_of(day, annotation, payload, inside):
            for extras in extras_of(day, rest, slot.name, words, wanted or {}):
                extras = {**extras, slot.name: form}
                ahead = [
                    extras.pop(each.name)
                    for each in named
                    if each.kind is each.POSITIONAL_ONLY and each.name in extras
                ]
                yield ahead, extras
    if not slots:
        kinds = [each.kind for each in parameters]
        known = {word: wanted[role_of(word)] for word in words if wanted and role_of(word) in wanted}
        if known and inspect.Parameter.VAR_KEYWORD in kinds:
            yield from (([], {**form, **known}) for form in inside)
        if inspect.Parameter.VAR_POSITIONAL in kinds:
            yield [payload], {}
            yield from (([form], {}) for form in inside)
        if inspect.Parameter.VAR_KEYWORD in kinds:
            yield from (([], form) for form in inside)
        if not kinds:
            yield [], {}


@helper
def forms_of(day, annotation, payload, inside):
    """Returns the forms in which `execute` may want its input: as it is, in a list, in a dict, in a class of the learner's."""
    import dataclasses

    types = types_of(annotation)
    as_list, as_dict = [[payload]], inside
    if own := [each for each in types if is_dataclass_type(each)]:
        texts = [each.name for each in dataclasses.fields(own[0])]
        fitting = {"text": payload, "data": payload, "payload": payload}
        made = [construct(day, own[0], fitting)]
        if any(role_of(name) == "data" for name in texts):
            made += [construct(day, own[0], {"text": payload, "data": form}) for form in inside]
        return made
    if not types:
        return [payload, *as_dict, *as_list]
    plain = [payload] if any(isinstance(payload, each) for each in types) else []
    if dict in types or any("Mapping" in each.__name__ for each in types):
        plain += as_dict
    if any(
        each in (list, tuple) or each.__name__ in ("Sequence", "Iterable", "Collection") for each in types
    ):
        plain += as_list
    return plain or [payload, *as_dict, *as_list]


@helper
def extras_of(day, parameters, slot, words, wanted):
    """Returns what to give for the other parameters: what must be given, then the choices that the code knows."""
    import typing

    required = {}
    choices = []
    for each, annotation, _ in parameters:
        if each.name == slot:
            continue
        if each.default is each.empty or role_of(each.name) in wanted:
            required[each.name] = sample(day, annotation, each.name, wanted)
        if typing.get_origin(annotation) is typing.Literal:
            choices += [(each.name, choice) for choice in typing.get_args(annotation)]
        elif types_of(annotation)[:1] in ([], [str]) and role_of(each.name) not in ("name", "version"):
            choices += [(each.name, word) for word in words if word != each.name][:24]
        elif bool in types_of(annotation):
            choices.append((each.name, True))
        elif list in types_of(annotation):
            choices += [(each.name, [word]) for word in words][:24]
    return [required, *({**required, name: choice} for name, choice in choices)]


@helper
def watched(function):
    """Calls a function and returns what it returned, what it printed and logged, and the exception that it raised."""
    import contextlib
    import io
    import logging

    printed = io.StringIO()
    logged = []

    listener, root = logging.Handler(), logging.getLogger()
    listener.emit = lambda record: logged.append(record.getMessage())
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    for each in list(logging.Logger.manager.loggerDict.values()):
        if isinstance(each, logging.Logger):
            each.setLevel(logging.DEBUG)
    result, error = None, None
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            result = settled(function())
    except Exception as raised:
        error = raised
    root.removeHandler(listener)
    return {"result": result, "printed": [*printed.getvalue().splitlines(), *logged], "error": error}


@helper
def settled(result):
    """Returns a result, awaited where it is a coroutine, and as a list where it is a generator."""
    import importlib
    import types

    if isinstance(result, types.CoroutineType):
        # Named in an `import`, it would be imported ahead of all probes, which takes longer than most of them, and hardly any needs it.
        return importlib.import_module("asyncio").run(result)
    return list(result) if isinstance(result, types.GeneratorType) else result


@helper
def outcome(plugin, positional, keywords):
    """Executes a plugin and returns what it returned, printed, logged and raised."""
    return watched(lambda: plugin.execute(*positional, **keywords))


@helper
def executed(plugin, positional, keywords):
    """Executes a plugin and returns what came of it: `made`, the texts and numbers that it returned, printed or kept.

    What it was given does not count, unless it was changed.
    """
    import copy

    earlier = leaves(plugin)
    given = [*leaves(copy.copy(list(positional))), *leaves(dict(keywords))]
    seen = outcome(plugin, positional, keywords)
    kept = leaves(plugin)
    for each in earlier:
        if each in kept:
            kept.remove(each)
    after = [*leaves(list(positional)), *leaves(dict(keywords))]
    for each in given:
        if each in after:
            after.remove(each)
    return {**seen, "made": [*leaves(seen["result"]), *seen["printed"], *kept, *after]}
