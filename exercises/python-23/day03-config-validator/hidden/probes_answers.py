"""What a validator's answer means: accepted or refused, and what was said.

A refusal is an exception, False, a message, a full list of errors, a pair of both, or an object that says so. Everything else accepts.
"""

from grade_kit.suite import helper


@helper
def answer_of(config, action):
    """Runs `action` and returns what it answered: refused or not, what was said, and the names of the types of what was raised.

    `action` returns what the learner's code returned and the object that it was asked of, if any.
    """
    import contextlib
    import io

    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            result, asked = action()
            problems = problems_in(result, config, asked)
    except (KeyboardInterrupt, MemoryError):
        raise
    except BaseException as error:
        said = [printed.getvalue()] if isinstance(error, SystemExit) else []
        return {"refused": True, "raised": error, "said": [*texts_of(error), *said], "items": items_of(error)}
    if problems is None:
        return {"refused": False, "raised": None, "said": [], "items": [], "result": result, "printed": printed.getvalue()}
    said = [text for each in problems for text in texts_of(each)]
    items = [item for each in problems for item in items_of(each)]
    return {"refused": True, "raised": None, "said": [*said, printed.getvalue()], "items": items}


@helper
def problems_in(result, config, asked):
    """Returns what a validator's result complains about, or None where it accepts."""
    import inspect

    if inspect.isgenerator(result) or isinstance(result, set | frozenset):
        result = list(result)
    if result is True or result is config or (isinstance(result, dict) and without_notes(result) == config):
        return None
    if result is None or result is False:
        found = errors_on(asked)
        return found or (None if result is None else [])
    if isinstance(result, BaseException):
        return [result]
    if isinstance(result, str):
        return None if result.strip().lower() in ("", "ok", "valid", "success", "passed") else [result]
    if isinstance(result, int):
        return (errors_on(asked) or []) if result else None
    if isinstance(result, tuple) and len(result) == 2:
        return problems_in_pair(result, config)
    if isinstance(result, list | tuple):
        return list(result) or None
    if isinstance(result, dict):
        return problems_in_dict(result)
    return problems_on(result)


@helper
def problems_in_pair(pair, config):
    """Returns what a pair of a verdict, or the configuration, and errors complains about."""
    first, second = pair
    if isinstance(second, bool) or (config is not None and second == config):
        first, second = second, first
    if isinstance(first, bool):
        return None if first else listed(second)
    if first is None or first == config or isinstance(first, dict):
        return listed(second) or None
    return list(pair)


@helper
def problems_in_dict(found):
    """Returns what a dict complains about: one that says whether the configuration is valid, or one of errors."""
    for key in ("errors", "problems", "error", "messages"):
        if found.get(key):
            return listed(found[key])
    for key in ("valid", "is_valid", "ok", "success", "passed"):
        if isinstance(found.get(key), bool):
            return None if found[key] else []
    if {"errors", "problems"} & set(found):
        return None
    return [f"{key}: {item}" for key, item in found.items()] or None


@helper
def problems_on(found):
    """Returns what an object complains about that says whether the configuration is valid, or holds errors."""
    errors = errors_on(found)
    for name in ("is_valid", "valid", "ok", "success", "passed", "is_ok"):
        verdict = getattr(found, name, None)
        verdict = verdict() if callable(verdict) else verdict
        # Whoever asks `if result.is_valid` takes None for a no, and an empty list as well.
        asked = name.startswith("is_") and hasattr(found, name)
        if isinstance(verdict, bool) or (asked and isinstance(verdict, list | None)):
            return None if verdict else errors or []
    if errors is None and (hasattr(type(found), "__bool__") or hasattr(type(found), "__len__")):
        return None if found else [found]
    return errors or None


@helper
def errors_on(asked):
    """Returns the errors that an object holds, or None where it holds no list of them."""
    for name in ("errors", "get_errors", "error_messages", "problems", "issues", "violations", "messages", "_errors"):
        found = getattr(asked, name, None)
        try:
            found = found() if callable(found) else found
        except TypeError:
            continue
        if isinstance(found, list | tuple | set | dict | str):
            return listed(found)
    return None


@helper
def listed(found):
    """Returns errors as a list, whatever holds them."""
    if found is None or found == "":
        return []
    if isinstance(found, dict):
        return [f"{key}: {item}" for key, item in found.items()]
    if isinstance(found, str | BaseException):
        return [found]
    try:
        return list(found)
    except TypeError:
        return [found]


@helper
def without_notes(found):
    """Returns loaded data as plain dicts and lists, without what a loader may note down in it (`__line__`)."""
    if isinstance(found, dict):
        return {key: without_notes(each) for key, each in found.items() if not str(key).startswith("__")}
    return [without_notes(each) for each in found] if isinstance(found, list) else found


@helper
def items_of(item, depth=4):
    """Returns a complaint and the complaints in it: those that an exception was raised from, or has a list of."""
    found = [item]
    if depth and not isinstance(item, str):
        hidden = getattr(item, "__suppress_context__", False)
        inner = [getattr(item, "__cause__", None), None if hidden else getattr(item, "__context__", None)]
        for name in ("exceptions", "errors", "problems", "issues", "violations"):
            held = getattr(item, name, None)
            if isinstance(held, list | tuple):
                inner += held
        found += [each for one in inner if one is not None for each in items_of(one, depth - 1)]
    return found


@helper
def texts_of(item):
    """Returns what a complaint says, with what its parts say; not what it was raised from."""
    parts = [str(item)]
    if isinstance(item, BaseException):
        parts += [str(each) for each in getattr(item, "__notes__", [])]
    for name in ("message", "msg"):
        if isinstance(getattr(item, name, None), str):
            parts.append(getattr(item, name))
    for name in ("exceptions", "errors", "problems", "issues", "violations"):
        held = getattr(item, name, None)
        if isinstance(held, list | tuple | dict):
            parts += [text for each in listed(held) if each is not item for text in texts_of(each)]
    if type(item).__str__ is object.__str__ and type(item).__repr__ is object.__repr__:
        parts += [f"{name}: {each}" for name, each in getattr(item, "__dict__", {}).items()]
    return parts


@helper
def own_exceptions(day, found):
    """Returns the names of those classes, and of their bases, that are exceptions of the learner's."""
    own = object.__getattribute__(day.config_validator, "_names").modules
    return {
        base.__name__
        for cls in found
        if issubclass(cls, BaseException)
        for base in cls.__mro__
        if base.__module__ in own
    }
