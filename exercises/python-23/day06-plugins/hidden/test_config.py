"""Plugins are configured with dataclasses: there is one, something takes it, and what is given is kept."""

from grade_kit.suite import helper, probe, requirement
from probes_find import (
    construct,
    dataclasses_of,
    find,
    hints_of,
    initializers_of,
    is_dataclass_type,
    leaves,
    parameters_of,
    sample,
    sources,
    tree_of,
    types_of,
    words_of,
)
from probes_made import own_plugins
from probes_use import new_plugin


@helper
def configurations_in(plugin):
    """Returns the instances of dataclasses that a plugin has, on itself or on its class."""
    found = []
    for name in dir(plugin):
        if not name.startswith("__"):
            try:
                item = getattr(plugin, name)
            except Exception:
                continue
            found += [item] if is_dataclass_type(type(item)) else []
    return found


@helper
def takers(day):
    """Returns the learner's plugins and manager, and where one has a parameter that takes a dataclass: (class, method, parameter, dataclass)."""
    import inspect

    classes = [*own_plugins(day), find(day, "Plugin")]
    try:
        classes.append(find(day, "PluginManager"))
    except Exception:
        pass
    found = []
    for cls in classes:
        for name, method in inspect.getmembers(cls, inspect.isfunction):
            functions = initializers_of(cls) if name == "__init__" else [method]
            for parameter, annotation, _ in parameters_of(functions):
                found += [
                    (cls, name, parameter, each)
                    for each in types_of(annotation)
                    if is_dataclass_type(each) and each not in classes
                ]
    return found


@probe
def uses(day):
    """look for dataclasses, and for plugins that have one, take one, or are one"""
    known = dataclasses_of(day)
    if not known:
        return "there is no dataclass"
    plugins = own_plugins(day)
    if any(is_dataclass_type(cls) for cls in plugins) or takers(day):
        return "a plugin is configured with a dataclass"
    for cls in plugins:
        made = new_plugin(day, cls.__name__)
        if configurations_in(made):
            return "a plugin is configured with a dataclass"
    if any(is_made_from(day, cls) for cls in known):
        return "a plugin is configured with a dataclass"
    return "no plugin has one or takes one"


@helper
def is_made_from(day, cls):
    """Whether this is a class for configurations, and some function that is no test makes one: without hints no more can be said."""
    import ast

    if not {
        "config",
        "configuration",
        "settings",
        "options",
        "params",
        "metadata",
        "spec",
        "info",
        "entry",
        "definition",
        "description",
    } & set(words_of(cls.__name__)):
        return False
    functions = [
        node
        for path, text, test in sources(day)
        if not test and cls.__name__ in text
        for node in ast.walk(tree_of(day, path, text))
        if isinstance(node, ast.FunctionDef)
    ]
    calls = [node.func for function in functions for node in ast.walk(function) if isinstance(node, ast.Call)]
    return any(isinstance(each, ast.Name) and each.id == cls.__name__ for each in calls)


@helper
def filled(day, cls, words, number):
    """Makes a configuration with drawn values, as many as it takes. Returns it and the values."""
    import dataclasses

    hints = hints_of(cls)
    fields = [field for field in dataclasses.fields(cls) if field.init]
    for count in (len(fields), 1, 0):
        keywords, drawn, left = {}, [], list(words)
        for field in fields:
            types = types_of(hints.get(field.name))
            given = None
            if (
                len(drawn) < count
                and types[:1] == [str]
                and left
                and "Literal" not in str(hints.get(field.name))
            ):
                given = left.pop()
            elif len(drawn) < count and types[:1] in ([int], [float]):
                given = number + len(drawn)
            if given is not None:
                keywords[field.name] = given
                drawn.append(given)
            elif count == len(fields) and isinstance(field.default, bool):
                keywords[field.name] = not field.default
            elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
                keywords[field.name] = sample(day, hints.get(field.name), field.name, {"name": words[0]})
        try:
            return cls(**keywords), drawn
        except Exception:
            # It checks its values, and may refuse drawn ones.
            continue
    return construct(day, cls, {}), []


@helper
def keeps(plugin, config, drawn):
    """Whether a plugin has the configuration that it was given, a copy of it, or what was in it."""
    held = configurations_in(plugin)
    if any(each is config or each == config for each in held):
        return True
    kept = leaves(plugin)
    return (
        any(each in kept for each in drawn) if drawn else not any(type(each) is type(config) for each in held)
    )


@probe(shared=True)
def given(day, words, number):
    """give each of the plugins that take a configuration one with {words}, {number}: what it keeps"""
    seen = {}
    for cls in own_plugins(day):
        for owner, method, parameter, config_class in takers(day):
            if owner is cls and method == "__init__":
                config, drawn = filled(day, config_class, words, number)
                keywords = {}
                for each, annotation, _ in parameters_of(initializers_of(cls)):
                    if each.name == parameter.name:
                        keywords[each.name] = config
                    elif each.default is each.empty:
                        keywords[each.name] = sample(day, annotation, each.name, {})
                seen[cls.__name__] = (
                    "what it is given" if keeps(cls(**keywords), config, drawn) else "something else"
                )
    return seen


@requirement("config")
def test_plugins_are_configured_with_a_dataclass(candidate):
    """there is a dataclass for the configuration of plugins, and they use it"""
    assert candidate.run(uses) == "a plugin is configured with a dataclass"


@requirement("config")
def test_a_plugin_keeps_the_configuration_that_it_is_given(candidate, rng):
    """a plugin that is given a configuration keeps that and no other"""
    words = [f"{rng.choice(['amber', 'basil', 'cedar'])}{rng.randint(1000, 9999)}" for _ in range(8)]
    seen = candidate.run(given, words, rng.randint(1000, 9000))
    assert seen == dict.fromkeys(seen, "what it is given")
