"""How this day's probes use a `PluginManager`: register plugins, get them back, and ask for the order of their dependencies."""

from grade_kit.names import raw
from grade_kit.suite import helper
from probes_find import (
    arguments_within,
    construct,
    find,
    is_dataclass_type,
    member,
    methods,
    names_of,
    nothing_called,
    parameters_of,
    role_of,
    sample,
    takes,
    types_of,
    words_of,
)
from probes_made import events, make_class, token_of
from probes_use import settled


@helper
def new_manager(day, wanted=None):
    """Returns a new, empty manager."""
    return construct(day, find(day, "PluginManager"), wanted or {})


@helper
def called(function, *args, **kwargs):
    """Calls a function quietly; what it prints is not in the finding. Awaits what has to be awaited."""
    import contextlib
    import io

    with contextlib.redirect_stdout(io.StringIO()):
        return settled(function(*args, **kwargs))


@helper
def wants_class(parameter, annotation):
    """Whether a parameter asks for a class and not for an instance."""
    return (
        type in types_of(annotation)
        or role_of(parameter.name) == "class"
        or "factory" in words_of(parameter.name)
    )


@helper
def reachable(item, depth=0, seen=None):
    """Returns the tokens of all made plugins, classes and instances, that can be reached from something, in order."""
    import types

    seen = set() if seen is None else seen
    item = raw(item)
    if (
        depth > 6
        or id(item) in seen
        or isinstance(item, str | int | float | bytes | types.ModuleType | type(None))
    ):
        return []
    seen.add(id(item))
    if token_of(item):
        return [token_of(item)]
    if isinstance(item, dict):
        inner = [*item.keys(), *item.values()]
    elif isinstance(item, list | tuple | set | frozenset) or type(item).__name__ in (
        "deque",
        "dict_values",
        "dict_items",
        "mappingproxy",
    ):
        inner = list(item.items() if type(item).__name__ == "mappingproxy" else item)
    elif isinstance(item, type | types.FunctionType) or not hasattr(item, "__dict__"):
        inner = []
    else:
        inner = list(vars(item).values())
    return list(dict.fromkeys(token for each in inner for token in reachable(each, depth + 1, seen)))


@helper
def register_with(day, manager, method, cls, as_class, dependencies):
    """Hands a made plugin to a manager's method, with what else that asks for."""
    plugin = cls if as_class else cls()
    label = next(label for label, made in day._classes.items() if made is cls)
    wanted = {"name": label, "version": "1.0.0", "dependencies": list(dependencies)}
    parameters = parameters_of([method])
    required = [each for each in parameters if each[0].default is each[0].empty]
    if len(required) == 1 and role_of(required[0][0].name) == "name" and len(parameters) == 1:
        answer = called(method, label)
        return called(answer, plugin)
    slots = [each for each in parameters if role_of(each[0].name) in ("plugin", "class", "plugins")]
    slot = (
        slots or [each for each in required if role_of(each[0].name) not in wanted] or parameters or [None]
    )[0]
    if slot is None:
        return called(method, plugin)
    positional, keywords = [], {}
    for parameter, annotation, by_position in parameters:
        if parameter.name == slot[0].name:
            own = [
                each
                for each in types_of(annotation)
                if is_dataclass_type(each)
                and not isinstance(plugin, each)
                and each is not find(day, "Plugin")
            ]
            item = [plugin] if role_of(parameter.name) == "plugins" else plugin
            if own and takes(own[0], {"class": cls, "plugin": plugin}):
                # It wants a description of the plugin, with what makes it.
                item = construct(day, own[0], {**wanted, "class": cls, "plugin": plugin})
        elif parameter.default is parameter.empty or role_of(parameter.name) == "dependencies":
            item = sample(day, annotation, parameter.name, {**wanted, "plugin": plugin})
        else:
            continue
        if by_position or parameter.kind is parameter.POSITIONAL_ONLY:
            positional.append(item)
        else:
            keywords[parameter.name] = item
    return called(method, *positional, **keywords)


@helper
def registration(day):
    """Returns how this manager takes plugins: the name of its method, and whether it wants the class. Tried once, with a plugin of the probe's.

    Raises `Missing` where it has no such method, and what the method raised where nothing can be registered.
    """
    if "_registration" in vars(day):
        return day._registration
    names = names_of(day).candidates(["PluginManager"], "register")
    first = None
    trial = make_class(day, "trial_run", "the trial's token")
    present = [name for name in names if callable(getattr(find(day, "PluginManager"), name, None))]
    for name in present:
        manager = new_manager(day)
        parameters = parameters_of([getattr(manager, name)])
        likely = any(wants_class(parameter, annotation) for parameter, annotation, _ in parameters)
        for as_class in (likely, not likely):
            manager = new_manager(day)
            try:
                register_with(day, manager, getattr(manager, name), trial, as_class, [])
            except Exception as error:
                first = first or error
                continue
            day._registration = (name, as_class)
            return day._registration
    if first is not None:
        raise first
    raise nothing_called(day, "PluginManager", ["register"])


@helper
def register(day, manager, cls, dependencies=()):
    """Registers a made plugin."""
    name, as_class = registration(day)
    return register_with(day, manager, getattr(manager, name), cls, as_class, dependencies)


@helper
def fetched(day, manager, label):
    """Returns what a manager gives for the name of a plugin: its token, None where it gives nothing or refuses.

    Raises `Missing` where it has no method for that.
    """
    found = methods(day, manager, "PluginManager", ["get_plugin"])
    if not found:
        listed = listing(day, manager)
        if listed is None:
            raise nothing_called(day, "PluginManager", ["get_plugin", "plugins"])
        if isinstance(listed, dict):
            return token_of(listed.get(label))
        return next(
            (token_of(each) for each in listed if token_of(each) and plugin_name(each) == label), None
        )
    for method in [*found, None, *found]:
        if method is None:
            started(day, manager)
            continue
        try:
            positional = [
                label,
                *(
                    sample(day, note, each.name, {})
                    for each, note, _ in parameters_of([method])[1:]
                    if each.default is each.empty
                ),
            ]
            given = called(method, *positional)
        except Exception:
            continue
        tokens = [token_of(given)] if token_of(given) else reachable(given)
        if tokens:
            return tokens[0] if len(tokens) == 1 else " and ".join(tokens)
    return None


@helper
def started(day, manager):
    """Has a manager make or start its plugins, where it gives none back before that."""
    for method in methods(day, manager, "PluginManager", ["initialize_all"]):
        if not [each for each, _, _ in parameters_of([method]) if each.default is each.empty]:
            try:
                called(method)
            except Exception:
                continue


@helper
def plugin_name(plugin):
    """Returns the name of a made plugin."""
    found = raw(plugin).name
    return found() if callable(found) and not isinstance(raw(plugin), type) else found


@helper
def listing(day, manager):
    """Returns what a manager lists of its plugins, or None where it lists nothing."""
    found = member(day, manager, "plugins")
    if callable(found):
        if any(each.default is each.empty for each, _, _ in parameters_of([found])):
            return None
        try:
            found = called(found)
        except Exception:
            return None
    if found is None or isinstance(found, str | int):
        return None
    return dict(found) if hasattr(found, "keys") else list(found)


@helper
def labels_in(day, item):
    """Returns the names of the made plugins that something lists, in its order: names, classes, instances, or pairs of them."""
    found = []
    item = raw(item)
    if isinstance(item, str) and item in day._classes:
        return [item]
    if isinstance(item, type) and token_of(item):
        return [label for label, cls in day._classes.items() if cls is item]
    if token_of(item):
        return [label for label, cls in day._classes.items() if type(item) is cls]
    if isinstance(item, dict):
        return list(
            dict.fromkeys(
                label for key in item for label in (labels_in(day, key) or labels_in(day, item[key]))
            )
        )
    if isinstance(item, list | tuple) or type(item).__name__ in (
        "deque",
        "dict_keys",
        "dict_values",
        "odict_keys",
    ):
        for each in item:
            found += labels_in(day, each)
    elif hasattr(item, "__dict__") and not isinstance(item, type) and not callable(item):
        for each in vars(item).values():
            if isinstance(each, list | tuple):
                found += labels_in(day, each)
    return list(dict.fromkeys(found))


@helper
def resolvers(day, manager, last, labels):
    """Yields calls that ask for the order of all plugins, or, where a plugin has to be named, for what `last` needs.

    Each is (what is called, function without arguments).
    """
    found = methods(
        day,
        manager,
        "PluginManager",
        ["resolve_dependencies", "initialize_all", "execute_all", "execute_plugin", "load_all"],
    )
    for method in found:
        yield method.__name__, with_arguments(day, manager, method, last, labels)
    for name in ("resolve_dependencies", "DependencyResolver"):
        try:
            function = find(day, name)
        except Exception:
            continue
        if isinstance(function, type):
            yield name, lambda cls=function: resolved_by(day, manager, cls, last, labels)
        elif callable(function):
            yield name, with_arguments(day, manager, function, last, labels)


@helper
def resolved_by(day, manager, cls, last, labels):
    """Asks a resolver of the learner's for the order."""
    wanted = {"plugins": plugins_of(day, manager, labels)}
    try:
        resolver = construct(day, cls, wanted)
    except Exception:
        resolver = cls(wanted["plugins"])
    for plugin in wanted["plugins"].values():
        for method in methods(day, resolver, cls.__name__, ["add_plugin", "add", "register"]):
            method(plugin)
            break
    for method in methods(day, resolver, "PluginManager", ["resolve_dependencies"]) or methods(
        day, resolver, cls.__name__, ["order", "sort"]
    ):
        return with_arguments(day, manager, method, last, labels)()
    return None


@helper
def plugins_of(day, manager, labels):
    """Returns the registered plugins by name, as the manager holds them, else new ones."""
    held = {}
    ahead, seen = [manager], set()
    while ahead:
        item = ahead.pop(0)
        if id(item) in seen or isinstance(item, str | int | type(None)):
            continue
        seen.add(id(item))
        if token_of(item) and not isinstance(item, type):
            held.update({label: item for label in labels if type(item) is day._classes[label]})
        elif isinstance(item, dict):
            ahead += list(item.values())
        elif isinstance(item, list | tuple | set):
            ahead += list(item)
        elif hasattr(item, "__dict__") and not isinstance(item, type):
            ahead += list(vars(item).values())
    return {label: held.get(label) or day._classes[label]() for label in labels}


@helper
def with_arguments(day, manager, method, last, labels):
    """Returns a call of a method with what it asks for: a plugin's name, plugins, a graph of names, input to be processed."""

    def call():
        positional, keywords = [], {}
        for parameter, annotation, by_position in parameters_of([method]):
            if parameter.default is not parameter.empty and role_of(parameter.name) != "plugins":
                continue
            if parameter.default is not parameter.empty:
                break
            item = argument_of_resolver(day, manager, parameter, annotation, last, labels)
            if by_position or parameter.kind is parameter.POSITIONAL_ONLY:
                positional.append(item)
            else:
                keywords[parameter.name] = item
        return called(method, *positional, **keywords)

    return call


@helper
def argument_of_resolver(day, manager, parameter, annotation, last, labels):
    """Returns what a method that resolves dependencies asks for."""
    types, role = types_of(annotation), role_of(parameter.name)
    inner = [each for note in arguments_within(annotation) for each in types_of(note)]
    plugins = plugins_of(day, manager, labels)
    if role in ("data", "text", "config"):
        return sample(day, annotation, parameter.name, {})
    if str in types or (role == "name" and not types):
        return last
    if dict in types:
        lists = list in inner or set in inner or tuple in inner
        return {label: list(day._wanted[label]) for label in labels} if lists else plugins
    if (
        list in types
        or role == "plugins"
        or any("Iterable" in each.__name__ or "Sequence" in each.__name__ for each in types)
    ):
        return (
            list(labels)
            if str in inner or "name" in words_of(parameter.name) or "names" in words_of(parameter.name)
            else list(plugins.values())
        )
    if set in types:
        return set(labels)
    if role == "plugin":
        return plugins[last]
    return sample(day, annotation, parameter.name, {})


@helper
def made_for(day, graph, tokens):
    """Makes the classes of plugins that depend on each other: a dict of name to the names that it needs."""
    day._wanted = graph
    ahead = dict(graph)
    # A class that is named as a dependency has to be there first; where they go round in a circle that cannot be.
    while ahead:
        ready = [label for label, needed in ahead.items() if not set(needed) & set(ahead)] or list(ahead)[:1]
        for label in ready:
            make_class(day, label, tokens.get(label, label), ahead.pop(label))
    return {label: day._classes[label] for label in graph}


@helper
def ordered(day, manager, graph, last):
    """Returns the order in which a manager puts its plugins, and what gave it: the method, or None where it was read off the manager.

    Raises what the learner's code raises, and `Missing` where there is nothing to ask.
    """
    labels = list(graph)
    asked, first = False, None
    for name, resolve in resolvers(day, manager, last, labels):
        asked = True
        done = len(events(day))
        try:
            answer = resolve()
        except Exception as error:
            first = first or error
            continue
        found = labels_in(day, answer) if not isinstance(answer, set | frozenset) else []
        acted = list(dict.fromkeys(label for _, label in events(day)[done:] if label in labels))
        for each in (found, acted):
            if len(each) >= 2:
                return each, name
    if found := kept_order(day, manager):
        return found, None
    if first is not None:
        raise first
    if not asked:
        raise nothing_called(day, "PluginManager", ["resolve_dependencies", "initialize_all", "execute_all"])
    listed = listing(day, manager)
    return (labels_in(day, listed) if listed is not None else []), None


@helper
def kept_order(day, manager):
    """Returns the order that a manager keeps in an attribute, or nothing."""
    for name in names_of(day).candidates(["PluginManager"], "load_order"):
        kept = getattr(manager, name, None)
        if kept is not None and not callable(kept):
            found = labels_in(day, kept)
            if len(found) >= 2:
                return found
    return []
