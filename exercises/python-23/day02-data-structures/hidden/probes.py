"""What the probes of this day share. Every helper is sent along with the probes that name it.

Where a structure has nothing to give, learners raise something, return None, -1 or a sentence. All of that is `"(nothing)"` here:
whatever is not one of the items that were put in.
"""

from grade_kit.names import Missing, raw
from grade_kit.suite import helper

NOTHING = "(nothing)"


@helper
def make(day, kind, capacity):
    """Returns an empty structure; where its constructor takes a size, with room for `capacity` items."""
    import inspect

    cls = getattr(day.datastructures, kind)
    try:
        parameters = list(inspect.signature(raw(cls)).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    needed = [
        each
        for each in parameters
        if each.default is each.empty and each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)
    ]
    for each in parameters:
        if is_size(each):
            return cls(capacity) if each.kind is each.POSITIONAL_ONLY else cls(**{each.name: capacity})
    if kind in ("Stack", "Queue"):
        if not needed:
            return cls()
        if any(word in needed[0].name.lower() for word in ("item", "iter", "data", "init", "val", "elem")):
            return cls([])
    if needed and needed[0].kind is needed[0].KEYWORD_ONLY:
        return cls(**{needed[0].name: capacity})
    return cls(capacity)


@helper
def is_size(parameter):
    """Whether a parameter of a constructor says how many items there is room for."""
    named = any(word in parameter.name.lower() for word in ("cap", "size", "len", "limit", "max"))
    default = parameter.default
    number = isinstance(default, int | float) and not isinstance(default, bool) and default > 0
    return named and (default is None or default is parameter.empty or number)


@helper
def one_of(found, items):
    """Whether `found` is one of the items; 0 is not False here."""
    return any(type(found) is type(item) and found == item for item in items)


@helper
def attempt(action, *arguments):
    """Returns whether `action` did not refuse, and what it returned. A mistake in the code is not taken for a refusal."""
    try:
        return True, action(*arguments)
    except (Missing, NameError, NotImplementedError):
        raise
    except Exception:
        return False, None


@helper
def taken(action, items, *arguments):
    """Returns what `action` gives where that is one of `items`, else "(nothing)"."""
    _, found = attempt(action, *arguments)
    return found if one_of(found, items) else "(nothing)"


@helper
def look_up(cache, key):
    """Returns what a cache has for a key; a dict that was given its own `[…]` is asked that way."""
    if getattr(type(raw(cache)), "get", None) is dict.get:
        return cache[key]
    return cache.get(key)


@helper
def asked(method):
    """Calls a method without arguments. Returns whether it can be called like that, and what it returned."""
    import traceback

    try:
        return True, method()
    except TypeError as error:
        # Raised by the call itself, or somewhere within the method?
        if traceback.extract_tb(error.__traceback__)[-1].name in ("asked", "call"):
            return False, None
        raise


@helper
def is_many(found):
    """Whether something is all the items at once, and not one of them: they are numbers and texts."""
    return hasattr(type(found), "__iter__") and not isinstance(found, str)


@helper
def way_to_read(day):
    """Returns the name by which a buffer hands out its oldest item, or None where it shows all that it holds at once.

    `get` or `pop` may be that, or may ask for an index or look at the newest; so two items are tried.
    """
    doubtful = []
    for name in ("read", "get", "pop"):
        buffer = make(day, "CircularBuffer", 3)
        fill(buffer, 3, ["first", "second"])
        try:
            method = getattr(buffer, name)
        except Missing:
            continue
        can, found = attempt(asked, method)[1] or (True, None)
        if not can or is_many(found):
            continue
        if name == "read" or (found == "first" and attempt(method)[1] == "second"):
            return name
        doubtful.append(name)
    if shown(buffer, 3) is not None:
        return None
    return doubtful[0] if doubtful else "read"


@helper
def shown(buffer, capacity):
    """Returns all that a buffer shows at once, as a list, or None where it does not show that."""
    from itertools import islice

    for name in ("to_list", "read", "get"):
        try:
            _, answer = attempt(asked, getattr(buffer, name))
        except Missing:
            continue
        if answer and is_many(answer[1]):
            return list(islice(answer[1], 4 * capacity))
    if has(buffer, "__iter__"):
        return list(islice(buffer, 4 * capacity))
    if has(buffer, "__getitem__"):
        held = len(buffer) if has(buffer, "__len__") else capacity
        answers = [attempt(buffer.__getitem__, index) for index in range(min(held, 4 * capacity))]
        return [found for there, found in answers if there]
    return shown_by_property(buffer)


@helper
def shown_by_property(buffer):
    """Returns all that a property of a buffer shows, or None. A field is no property: it is the storage as it lies."""
    try:
        found = buffer.to_list
    except Missing:
        return None
    is_field = any(found is each for each in getattr(raw(buffer), "__dict__", {}).values())
    return list(found) if is_many(found) and not is_field else None


@helper
def contents(day, buffer, capacity, items):
    """Empties a buffer by reading, or looks at all that it shows: the items in it, in the order in which they come."""
    name = way_to_read(day)
    if name is None:
        return [found for found in shown(buffer, capacity) if one_of(found, items)]
    found = []
    for _ in range(4 * capacity + 4):
        found.append(taken(getattr(buffer, name), items))
        if found[-1] == "(nothing)":
            return found[:-1]
    return found


@helper
def fill(buffer, capacity, items):
    """Writes items into an empty buffer. Only one that is full may refuse."""
    for number, item in enumerate(items):
        if number < capacity:
            buffer.write(item)
        else:
            attempt(buffer.write, item)


@helper
def has(thing, name):
    """Whether the class of an object has a special method such as `__len__`."""
    return hasattr(type(raw(thing)), name)


@helper
def offered(thing, name):
    """Returns what `size`, `is_empty` and the like say, in a list; the list is empty where the class has none such."""
    if name == "size" and has(thing, "__len__"):
        return [len(thing)]
    try:
        found = getattr(thing, name)
    except Missing:
        return []
    if callable(found):
        can, said = asked(found)
        return [said] if can else []
    # `top` and `front` may be the number of a slot, `empty` a mark in one.
    return [found] if isinstance(found, int) and name not in ("peek", "front") else []


@helper
def said(told):
    """Leaves out what was not offered."""
    return {name: answer[0] for name, answer in told.items() if answer}


@helper
def held_in(thing, items):
    """Returns which of `list` and `deque`, within reach of an object, hold all these items."""
    import gc
    import sys
    from collections import deque
    from types import FunctionType, ModuleType

    foreign = sys.stdlib_module_names - {"builtins", "collections"}
    kinds = set()
    seen = set()
    reached = [raw(thing), *vars(type(raw(thing))).values()]
    while reached:
        each = reached.pop()
        if (
            id(each) in seen
            or isinstance(each, type | ModuleType)
            or type(each).__module__.partition(".")[0] in foreign
        ):
            continue
        seen.add(id(each))
        for kind in (list, deque):
            # Wrapped items, such as pairs of a number and an item, are as many.
            if isinstance(each, kind) and (len(each) == len(items) or all(item in each for item in items)):
                kinds.add(kind.__name__)
        reached += each.__closure__ or () if isinstance(each, FunctionType) else gc.get_referents(each)
    return sorted(kinds)
