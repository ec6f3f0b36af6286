"""`PluginManager`: registers plugins, discovers them, loads them, and puts them in the order of their dependencies."""

import ast

import pytest
from grade_kit.suite import helper, probe, requirement
from probes_discovery import discovered
from probes_find import methods, parameters_of, role_of, sample
from probes_made import events, make_class
from probes_manager import (
    called,
    fetched,
    kept_order,
    labels_in,
    listing,
    made_for,
    new_manager,
    ordered,
    register,
    registration,
    resolvers,
    started,
)

LABELS = [
    "badger",
    "cricket",
    "dormouse",
    "egret",
    "falcon",
    "gecko",
    "hornet",
    "ibis",
    "jackal",
    "koala",
    "lemur",
    "marten",
    "newt",
    "otter",
]


def draw_tokens(rng, count):
    """Draws names of plugins, and what each gives back when it is executed."""
    return {label: f"{label} says {rng.randint(1000, 9999)}" for label in rng.sample(LABELS, count)}


# --- registration ---------------------------------------------------------------------------------------------------------


@probe(shared=True)
def registered(day, tokens):
    """register plugins that answer as in {tokens}, and ask for each by its name: how it answers"""
    manager = new_manager(day)
    for label, token in tokens.items():
        register(day, manager, make_class(day, label, token))
    return {label: fetched(day, manager, label) for label in tokens}


@probe(shared=True)
def listed(day, tokens):
    """register plugins that answer as in {tokens}: the names of those that the manager lists, if it does"""
    manager = new_manager(day)
    for label, token in tokens.items():
        register(day, manager, make_class(day, label, token))
    found = listing(day, manager)
    return None if found is None else sorted(labels_in(day, found))


@probe(shared=True)
def two_managers(day, tokens):
    """make two managers and register a plugin with the first: what the second has"""
    first, second = new_manager(day), new_manager(day)
    label, token = next(iter(tokens.items()))
    register(day, first, make_class(day, label, token))
    # Some make sure that there is only one manager.
    found = None if first is second else fetched(day, second, label)
    return "nothing" if found is None else found


@probe(shared=True)
def unknown(day, tokens, other):
    """register plugins named {tokens} and ask for {other}: what the manager gives"""
    manager = new_manager(day)
    for label, token in tokens.items():
        register(day, manager, make_class(day, label, token))
    found = fetched(day, manager, other)
    return "nothing" if found is None else found


@probe(shared=True)
def executed_by_name(day, tokens, chosen):
    """register plugins named {tokens} and have the manager execute {chosen}, if it can: which are executed"""
    manager = new_manager(day)
    for label, token in tokens.items():
        register(day, manager, make_class(day, label, token))
    for method in methods(day, manager, "PluginManager", ["execute_plugin"]):
        required = [each for each in parameters_of([method]) if each[0].default is each[0].empty]
        if not required or role_of(required[0][0].name) not in ("name", "plugin"):
            continue
        started(day, manager)
        done = len(events(day))
        called(method, chosen, *(sample(day, note, each.name, {}) for each, note, _ in required[1:]))
        return [label for what, label in events(day)[done:] if what == "execute"]
    return [chosen]


@probe(shared=True)
def unregistered(day, tokens, chosen):
    """register plugins named {tokens} and take {chosen} out again, if that can be done: those that the manager still gives"""
    manager = new_manager(day)
    for label, token in tokens.items():
        register(day, manager, make_class(day, label, token))
    for method in methods(day, manager, "PluginManager", ["unregister"]):
        called(method, chosen)
        return [label for label in tokens if fetched(day, manager, label)]
    return None


@requirement("registration")
def test_each_registered_plugin_is_given_back_by_its_name(candidate, rng):
    """of several registered plugins, each is given back by its own name"""
    tokens = draw_tokens(rng, 3)
    assert candidate.run(registered, tokens) == tokens


@requirement("registration")
def test_all_registered_plugins_are_listed(candidate, rng):
    """a manager that lists its plugins lists all that are registered"""
    tokens = draw_tokens(rng, 4)
    seen = candidate.run(listed, tokens)
    expected = seen if seen is None else sorted(tokens)
    assert seen == expected


@requirement("registration")
def test_every_manager_has_its_own_plugins(candidate, rng):
    """what is registered with one manager is not in another"""
    assert candidate.run(two_managers, draw_tokens(rng, 1)) == "nothing"


@requirement("registration")
def test_an_unknown_name_gives_nothing(candidate, rng):
    """asking for a plugin that was never registered gives nothing, or is refused"""
    (other, _), *known = draw_tokens(rng, 3).items()
    assert candidate.run(unknown, dict(known), other) == "nothing"


@requirement("registration")
def test_only_the_named_plugin_is_executed(candidate, rng):
    """a manager that executes a plugin by its name executes that one, once"""
    tokens = draw_tokens(rng, 3)
    chosen = rng.choice(list(tokens))
    assert candidate.run(executed_by_name, tokens, chosen) == [chosen]


@requirement("registration")
def test_a_plugin_that_is_taken_out_is_gone_and_no_other(candidate, rng):
    """a plugin that is taken out, if plugins can be, is no longer given back, and the others are"""
    tokens = draw_tokens(rng, 3)
    chosen = rng.choice(list(tokens))
    seen = candidate.run(unregistered, tokens, chosen)
    expected = seen if seen is None else [label for label in tokens if label != chosen]
    assert seen == expected


# --- discovery and loading ------------------------------------------------------------------------------------------------


@probe
def found_in_folder(day, tokens, stranger):
    """write a package with a module for each of the plugins {tokens}, made after your own, with a class beside it that is no plugin and a file that is no Python, and have the manager discover them: how those answer that it found"""
    return sorted(discovered(day, tokens, stranger, ["discover"]))


@probe
def found_by_loading(day, tokens):
    """write a module with the plugin {tokens}, made after your own, and have the manager load it: how it answers"""
    return discovered(day, tokens, "spare", ["load_plugin", "discover"])


@requirement("discovery")
def test_every_plugin_is_discovered(candidate, rng):
    """all plugins in a folder or package are discovered, and what is no plugin is not"""
    tokens = draw_tokens(rng, 4)
    stranger = next(reversed(tokens))
    del tokens[stranger]
    assert candidate.run(found_in_folder, tokens, stranger) == sorted(tokens.values())


@requirement("loading")
def test_a_new_module_is_loaded(candidate, rng):
    """a module that was written only just now can be loaded, and its plugin is there"""
    tokens = draw_tokens(rng, 1)
    found = candidate.run(found_by_loading, tokens)
    assert [each for each in found if each in tokens.values()] == list(tokens.values())


@requirement("loading")
def test_importlib_is_used(source):
    """`importlib` is imported and used by a file that is no test"""
    names = [path for path in source.files() if not path.rpartition("/")[2].startswith(("test_", "conftest"))]
    trees = [source.tree(path) for path in names if not path.endswith("_test.py")]
    assert any(uses_importlib(tree) for tree in trees), "no file of the day imports `importlib` and uses it"


def uses_importlib(tree):
    """Whether a file imports something of importlib and names it again."""
    known = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            known |= {
                (each.asname or each.name).partition(".")[0]
                for each in node.names
                if each.name.partition(".")[0] == "importlib"
            }
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "importlib":
            known |= {each.asname or each.name for each in node.names}
    return any(isinstance(node, ast.Name) and node.id in known for node in ast.walk(tree))


# --- dependencies ---------------------------------------------------------------------------------------------------------


def draw_graph(rng, form):
    """Draws plugins that depend on each other: name to the names that it needs, and the one that needs all others."""
    # Neither the order of the alphabet nor the other way round is right by chance.
    a, b, c, d, e = sorted(rng.sample(LABELS, 5))
    a, b, c, d, e = rng.choice([(b, e, d, a, c), (c, e, d, a, b), (d, a, b, e, c), (c, a, b, e, d)])
    graph = {
        "in a row": {a: [], b: [a], c: [b], d: [c]},
        "in a diamond": {a: [], b: [a], c: [a], d: [b, c]},
        "across": {a: [], b: [], c: [a, b], d: [c], e: [d, b]},
    }[form]
    last = list(graph)[-1]
    order = [last, *rng.sample([label for label in graph if label != last], len(graph) - 1)]
    return {label: graph[label] for label in order}, last


@helper
def prepared(day, graph):
    """Returns a manager with these plugins, registered as they stand, or, where it wants that, dependencies first."""
    classes = made_for(day, graph, {})
    registration(day)
    manager = new_manager(day)
    try:
        for label, needed in graph.items():
            register(day, manager, classes[label], needed)
        return manager
    except Exception:
        manager, left = new_manager(day), dict(graph)
        while left:
            label = next(
                (each for each, needed in left.items() if not set(needed) & set(left)), next(iter(left))
            )
            register(day, manager, classes[label], left.pop(label))
        return manager


@probe(shared=True)
def order_of(day, graph, last):
    """register plugins that depend on each other as in {graph}, and ask for their order (for {last}, where one has to be named)"""
    order, _ = ordered(day, prepared(day, graph), graph, last)
    return order


@probe(shared=True)
def what_becomes_of(day, good, graph, offenders, last):
    """register plugins that depend on each other as in {graph}, and ask for their order (for {last}, where one has to be named)"""
    # Whatever gives an order of plugins that are fine is what is asked here.
    order, asked = ordered(day, prepared(day, good), good, next(iter(good)))
    if len(order) < 2:
        return "no order is given even of plugins that are fine"
    try:
        manager = prepared(day, graph)
    except RecursionError:
        return "recursion without end"
    except Exception:
        return "refused"
    for name, resolve in resolvers(day, manager, last, list(graph)):
        if name != asked and asked is not None:
            continue
        done = len(events(day))
        try:
            answer = resolve()
        except RecursionError:
            return "recursion without end"
        except Exception:
            return "refused"
        acted = [label for _, label in events(day)[done:] if label in offenders]
        found = [label for label in labels_in(day, answer) if label in offenders] or (
            [] if asked else kept_order(day, manager)
        )
        if acted or len(found) >= 2:
            return f"accepted, in the order {', '.join(acted or found)}"
        if answer is False:
            return "refused"
    return "left out"


@probe
def found_in_a_circle(day, tokens):
    """write a package with the plugins {tokens}, made after your own, each of which needs another, and have the manager discover them: whether that ends"""
    labels = list(tokens)
    day._needs = {label: [labels[index - 1]] for index, label in enumerate(labels)}
    try:
        discovered(day, tokens, "spare", ["discover"])
    except Exception:
        # They may be found, left out or refused.
        pass
    finally:
        del day._needs
    return "it ends"


def late(order, graph, last):
    """Says what is wrong with an order: who is missing, and who comes before what it needs."""
    wrong = [f"{label} is missing" for label in graph if label not in order and label != last]
    for label, needed in graph.items():
        early = [
            each
            for each in needed
            if label in order and each in order and order.index(each) > order.index(label)
        ]
        wrong += [f"{label} comes before {each}, which it needs" for each in early]
    return wrong


@requirement("dependencies")
@pytest.mark.parametrize("form", ["in a row", "in a diamond", "across"])
def test_what_is_needed_comes_first(candidate, rng, form):
    """plugins that need each other {form} come in an order in which each comes after what it needs"""
    graph, last = draw_graph(rng, form)
    order = candidate.run(order_of, graph, last)
    assert late(order, graph, last) == []


@requirement("dependencies")
@pytest.mark.parametrize("size", [2, 3])
def test_a_cycle_is_refused(candidate, rng, size):
    """{size} plugins that need each other in a circle are refused: an exception, or they are left out"""
    good, _ = draw_graph(rng, "in a row")
    labels = rng.sample([label for label in LABELS if label not in good], size)
    graph = {label: [labels[index - 1]] for index, label in enumerate(labels)}
    seen = candidate.run(what_becomes_of, good, graph, labels, labels[-1])
    expected = seen if seen == "left out" else "refused"
    assert seen == expected


@requirement("dependencies")
def test_looking_for_plugins_in_a_circle_ends(candidate, rng):
    """the search for plugins ends, even where it finds some that need each other in a circle"""
    assert candidate.run(found_in_a_circle, draw_tokens(rng, 2)) == "it ends"


@requirement("dependencies")
def test_a_missing_plugin_is_refused(candidate, rng):
    """a plugin that needs one which is not there is refused: an exception, or it is left out"""
    good, _ = draw_graph(rng, "in a row")
    first, second, ghost = rng.sample([label for label in LABELS if label not in good], 3)
    graph = {second: [first], first: [ghost]}
    seen = candidate.run(what_becomes_of, good, graph, [first, second], second)
    expected = seen if seen == "left out" else "refused"
    assert seen == expected
