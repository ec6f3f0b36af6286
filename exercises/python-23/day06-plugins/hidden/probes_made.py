"""Plugins that the probes make: they fit the learner's own `Plugin`, whatever it asks of a plugin, and record what happens to them."""

from grade_kit.names import raw
from grade_kit.suite import helper
from probes_find import (
    arguments_for,
    as_dependencies,
    find,
    hints_of,
    initializers_of,
    is_dataclass_type,
    names_of,
    role_of,
    sample,
    types_of,
)


@helper
def own_plugins(day):
    """Returns those of the learner's three plugins that can be found."""
    found = []
    for kind in ("TextProcessorPlugin", "DataValidatorPlugin", "NotificationPlugin"):
        try:
            found.append(find(day, kind))
        except Exception:
            continue
    return found


@helper
def bases_for(day):
    """Returns the bases that a new plugin has to have: those of the learner's own plugins, or `Plugin`."""
    if "_bases" not in vars(day):
        day._bases = bases_like_theirs(day)
    return day._bases


@helper
def bases_like_theirs(day):
    """Looks at the learner's own plugins and returns the bases that most of them have."""
    from collections import Counter

    plugin = find(day, "Plugin")
    votes = Counter(cls.__bases__ for cls in own_plugins(day))
    for bases, _ in votes.most_common():
        if bases != (object,):
            return bases
    # A protocol asks for no base, an abstract class does.
    return () if votes and getattr(plugin, "_is_protocol", False) else (plugin,)


@helper
def model_of(day):
    """Returns the one of the learner's plugins after which new ones are made: the first that has the bases of most of them."""
    own = own_plugins(day)
    alike = [cls for cls in own if cls.__bases__ == bases_for(day)]
    return (alike or own)[0]


@helper
def events(day):
    """Returns the list in which the made plugins record what happens to them."""
    if "_events" not in vars(day):
        day._events = []
    return day._events


@helper
def declared(day, bases):
    """Returns the names of what a plugin has to have, and may find on its bases: members, annotations, abstract methods."""
    found = []
    for cls in (find(day, "Plugin"), *bases):
        for base in cls.__mro__:
            if base is not object and base.__module__ not in ("typing", "abc"):
                found += [
                    name
                    for name in (*vars(base), *vars(base).get("__annotations__", {}))
                    if not name.startswith("__")
                ]
    return list(
        dict.fromkeys(name for name in found if not name.startswith(("_abc", "_is_", "_Plugin", "__")))
    )


@helper
def kind_of(day, bases, name):
    """Returns how a member is declared: `property`, `method`, or `attribute`, and the annotation of what it gives."""
    import inspect

    for cls in (*bases, find(day, "Plugin")):
        found = inspect.getattr_static(cls, name, None)
        function = getattr(found, "fget", None) or getattr(found, "func", None)
        if function is not None:
            return "property", hints_of(function).get("return")
        if isinstance(found, classmethod | staticmethod):
            return type(found).__name__, hints_of(found.__func__).get("return")
        if inspect.isfunction(found):
            return "method", hints_of(found).get("return")
        if name in hints_of(cls):
            return "attribute", hints_of(cls)[name]
    return "attribute", None


@helper
def dependency_names(day):
    """Returns the names that dependencies may go by."""
    return names_of(day).candidates(["Plugin"], "dependencies")


@helper
def members_for(day, label, token, wanted):
    """Returns the body of the class of a new plugin.

    `label` is its name, `token` what it gives back when executed, `wanted` the names of the plugins that it depends on.
    """
    import inspect

    bases = bases_for(day)
    has = declared(day, bases)
    log = events(day)
    dependencies = dependency_names(day)
    first = {"name": label, "version": "1.0.0"}

    def giving(given, kind):
        if kind == "classmethod":
            return classmethod(lambda cls, *args, **kwargs: given)
        if kind == "staticmethod":
            return staticmethod(lambda *args, **kwargs: given)
        return (lambda self, *args, **kwargs: given) if kind == "method" else given

    def fitting(name):
        kind, annotation = kind_of(day, bases, name)
        if name in dependencies:
            return giving(
                as_dependencies(day, annotation, getattr(bases[0] if bases else None, name, None), wanted),
                kind,
            )
        named = {"name": label, "version": "1.0.0", "dependencies": list(wanted), "text": token}
        return giving(sample(day, annotation, name, named), kind)

    def recording(name, original):
        def record(self, *args, **kwargs):
            log.append((name, label))
            return original(self, *args, **kwargs)

        record.__signature__ = inspect.signature(original)
        return record

    def result(given):
        # Where plugins hand on what they were given, the next one wants it too.
        if given and isinstance(given[0], dict):
            return {**given[0], "token": token}
        _, annotation = kind_of(day, bases, "execute")
        types = types_of(annotation)
        if dict in types:
            return {"token": token}
        return token if not types or str in types else sample(day, annotation, "text", {"text": token})

    def execute(self, *args, **kwargs):
        log.append(("execute", label))
        return result(args)

    def initialise(self, *args, **kwargs):
        before = super(type(self), self).__init__
        try:
            before(*args, **kwargs)
        except TypeError:
            fill_in(day, self, {**first, "dependencies": list(wanted)})
        settle(day, self, {**first, "dependencies": list(wanted)})

    body = {"__doc__": "A plugin of the probe's.", "token": token, "execute": execute, "__init__": initialise}
    for name in ("name", "version"):
        kind, _ = kind_of(day, bases, name)
        body[name] = giving(first[name], kind if "method" in kind else "attribute")
    known = [name for name in dependencies if name in has]
    for name in known or [name for name in dependencies if "get" not in name]:
        if wanted or not left_to_bases(day, bases, name):
            body[name] = fitting(name)
    abstract = {name for cls in bases for name in getattr(cls, "__abstractmethods__", ())}
    protocol = find(day, "Plugin")
    if getattr(protocol, "_is_protocol", False) and not bases:
        abstract |= set(has)
    for name in abstract - set(body):
        body[name] = fitting(name)
    for name in unfilled(day, bases) - set(body):
        body[name] = fitting(name)
    started = (
        "initialize",
        "initialise",
        "init",
        "setup",
        "set_up",
        "load",
        "on_load",
        "start",
        "activate",
        "enable",
        "on_register",
        "configure",
        "validate",
    )
    for name in started:
        original = body.get(name) or next(
            (inspect.getattr_static(cls, name) for cls in bases if hasattr(cls, name)), None
        )
        if inspect.isfunction(original):
            body[name] = recording(name, original)
    return body


@helper
def left_to_bases(day, bases, name):
    """Whether one of the learner's own plugins leaves it to its bases to say something, so that a new one can do so as well."""

    def says(cls):
        constructor = getattr(vars(cls).get("__init__"), "__code__", None)
        return name in vars(cls) or (constructor is not None and name in constructor.co_names)

    said = any(name in vars(each) for base in bases for each in base.__mro__)
    return said and any(cls.__bases__ == bases and not says(cls) for cls in own_plugins(day))


@helper
def unfilled(day, bases):
    """Returns what the bases only annotate, and no constructor sets: class attributes that every plugin has to give itself."""
    import dataclasses

    found = set()
    for cls in bases:
        for base in cls.__mro__:
            if dataclasses.is_dataclass(base) or base is object:
                continue
            for name in vars(base).get("__annotations__", {}):
                constructors = [each for each in initializers_of(cls) if hasattr(each, "__code__")]
                if not hasattr(cls, name) and not any(
                    name in each.__code__.co_names for each in constructors
                ):
                    found.add(name)
    return found


@helper
def fill_in(day, plugin, wanted):
    """Runs the learner's own `__init__` with what it asks for."""
    positional, keywords = arguments_for(day, initializers_of(type(plugin))[1:], wanted)
    super(type(plugin), plugin).__init__(*positional, **keywords)


@helper
def settle(day, plugin, wanted):
    """Sees to it that a made plugin goes by its own name and has its own dependencies, where its bases have put others."""
    import dataclasses

    for name, item in (("name", wanted["name"]), ("version", wanted["version"])):
        try:
            setattr(plugin, name, item)
        except Exception:
            continue
    held = [each for each in getattr(plugin, "__dict__", {}).values() if is_dataclass_type(type(each))]
    for each in held:
        for field in dataclasses.fields(each):
            role = role_of(field.name)
            if role in wanted and field.name not in ("class_name", "module_name"):
                current = getattr(each, field.name, None)
                item = wanted[role]
                if role == "dependencies":
                    item = as_dependencies(day, hints_of(type(each)).get(field.name), current, item)
                elif not isinstance(current, str):
                    continue
                object.__setattr__(each, field.name, item)
    for name in dependency_names(day):
        current = getattr(plugin, "__dict__", {}).get(name)
        if isinstance(current, list | tuple | set | frozenset | dict):
            plugin.__dict__[name] = as_dependencies(day, None, current, wanted["dependencies"])


@helper
def keywords_for(day, label):
    """Returns what a class statement has to say besides its bases, where `__init_subclass__` asks for it."""
    import inspect

    found = {}
    for base in bases_for(day):
        method = base.__init_subclass__
        if inspect.ismethod(method):
            for each in inspect.signature(method).parameters.values():
                if each.default is each.empty and each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD):
                    found[each.name] = sample(day, None, each.name, {"name": label, "version": "1.0.0"})
    return found


@helper
def make_class(day, label, token, wanted=()):
    """Returns the class of a new plugin."""
    import types

    if "_classes" not in vars(day):
        day._classes = {}
    title = "".join(word.capitalize() for word in label.split("_")) + "Plugin"
    body = members_for(day, label, token, list(wanted))
    made = types.new_class(title, bases_for(day), keywords_for(day, label), lambda space: space.update(body))
    made.__module__ = "plugins_of_the_probe"
    day._classes[label] = made
    return made


@helper
def token_of(item):
    """Returns the token of a made plugin, be it the class or an instance, or None."""
    found = getattr(raw(item), "token", None)
    return found if isinstance(found, str) else None
