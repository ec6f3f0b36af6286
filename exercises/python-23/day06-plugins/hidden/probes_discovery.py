"""How this day's probes have a manager discover plugins that the probe has just written into a folder of its own."""

from grade_kit.names import Missing
from grade_kit.suite import helper
from probes_find import (
    find,
    initializers_of,
    names_of,
    nothing_called,
    parameters_of,
    role_of,
    sample,
    sources,
    top_names,
    types_of,
    words_of,
)
from probes_made import bases_for, keywords_for, members_for, own_plugins
from probes_manager import called, fetched, new_manager, reachable, register


@helper
def conventions(day):
    """Returns what the files of the learner's own plugins define beside classes: functions such as `create_plugin`, names such as `PLUGIN`."""
    found = {}
    for cls in own_plugins(day):
        module = __import__("sys").modules.get(cls.__module__)
        for path, tree, test in sources(day):
            if test or not getattr(module, "__file__", "").endswith("/" + path) or path.endswith("__init__.py"):
                continue
            for name in top_names(tree):
                item = getattr(module, name, None)
                if item is cls or isinstance(item, cls):
                    found[name] = "class" if item is cls else "instance"
                elif callable(item) and not isinstance(item, type) and len(parameters_of([item])) <= 1:
                    found[name] = "function"
        found.pop(cls.__name__, None)
    return found


@helper
def text_of_module(day, label, token, with_class=True):
    """Returns the text of a file with a plugin that fits the learner's own, or of one with a class that is no plugin."""
    title = "".join(word.capitalize() for word in label.split("_"))
    if not with_class:
        return f'"""No plugin is in here."""\n\n\nclass {title}:\n    token = {token!r}\n\n\ndef spare():\n    return 1\n'
    lines = [
        "import sys",
        "",
        "given = sys.modules['given_by_the_probe']",
        f"given.loaded.append({label!r})",
        "",
        "",
        f"class {title}Plugin(*given.bases, **given.keywords({label!r})):",
        f"    locals().update(given.members({label!r}, {token!r}))",
        "",
    ]
    for name, kind in conventions(day).items():
        if kind == "function":
            lines += ["", f"def {name}(*arguments):", f"    return given.conventional({name!r}, {title}Plugin, arguments)", ""]
        else:
            lines += [f"{name} = {title}Plugin" + ("()" if kind == "instance" else ""), ""]
    return "\n".join(lines)


@helper
def conventional(day, name, cls, arguments):
    """Does what a function such as `create_plugin` or `register` of the learner's plugin modules does, with the probe's plugin."""
    import sys

    if any(isinstance(each, find(day, "PluginManager")) for each in arguments):
        return register(day, arguments[0], cls)
    for own in own_plugins(day):
        function = getattr(sys.modules.get(own.__module__), name, None)
        try:
            made = function(*arguments)
        except Exception:
            continue
        return cls if isinstance(made, type) else cls()
    return cls()


@helper
def hand_out(day):
    """Puts what the written modules need where they find it."""
    import sys
    import types

    given = types.ModuleType("given_by_the_probe")
    given.loaded = []
    given.bases = bases_for(day)
    given.keywords = lambda label: keywords_for(day, label)
    given.members = lambda label, token: members_for(day, label, token, [])
    given.conventional = lambda name, cls, arguments: conventional(day, name, cls, arguments)
    sys.modules["given_by_the_probe"] = given
    return given


@helper
def laid_out(day, tokens, stranger):
    """Writes a package with a module for each plugin, and one with the class `stranger`, which is no plugin.

    Returns its folder, its dotted name and the modules' file names.
    """
    import os
    import sys
    import tempfile

    given = hand_out(day)
    above = tempfile.mkdtemp()
    package = f"extras_{next(iter(tokens))}"
    folder = os.path.join(above, package)
    os.mkdir(folder)
    files = write_modules(day, folder, tokens, stranger)
    with open(os.path.join(folder, "__init__.py"), "w", encoding="utf-8"):
        pass
    sys.path[:0] = [above]
    return {"folder": folder, "package": package, "files": files, "given": given}


@helper
def write_modules(day, folder, tokens, stranger):
    """Writes the modules into a folder and returns their paths."""
    import importlib
    import os

    files = []
    for label, token in tokens.items():
        files.append(os.path.join(folder, f"plugin_{label}_plugin.py"))
        with open(files[-1], "w", encoding="utf-8") as file:
            file.write(text_of_module(day, label, token))
    if stranger:
        with open(os.path.join(folder, f"plugin_{stranger}_plugin.py"), "w", encoding="utf-8") as file:
            file.write(text_of_module(day, stranger, f"the token of {stranger}", with_class=False))
    importlib.invalidate_caches()
    return files


@helper
def own_place(day, tokens, stranger):
    """Writes the modules into the learner's own `plugins/`, which is a copy that is thrown away."""
    import os

    own = sorted({os.path.dirname(path) for path, _, test in sources(day) if path.startswith("plugins/") and not test}, key=len)
    holding = {os.path.dirname(path) for path, tree, _ in sources(day) if "TextProcessorPlugin" in top_names(tree)}
    given = hand_out(day)
    found = []
    for folder in [each for each in own if each in holding] or own[:1]:
        package = find(day, "TextProcessorPlugin").__module__
        package = package if f"{folder}/__init__.py" in {path for path, _, _ in sources(day)} and package.endswith(folder.replace("/", ".")) else package.rpartition(".")[0]
        files = write_modules(day, os.path.abspath(folder), tokens, stranger)
        found.append({"folder": os.path.abspath(folder), "package": package, "files": files, "given": given})
    return found


@helper
def clear(place):
    """Removes what was written."""
    import os

    for path in place["files"]:
        os.remove(path)


@helper
def values_for(place, kind, index):
    """Returns what a method is told of a place, or of one of its modules: a folder, a package, a module, a file, a class."""
    import sys

    stem = place["files"][index].rpartition("/")[2].removesuffix(".py")
    module = f"{place['package']}.{stem}" if place["package"] else stem
    title = "".join(word.capitalize() for word in place["labels"][index].split("_")) + "Plugin"
    if kind == "package object":
        __import__(place["package"])
        return sys.modules[place["package"]]
    known = {"directory": place["folder"], "package": place["package"], "module": module, "file": place["files"][index], "stem": stem}
    return {**known, "module:class": f"{module}:{title}", "module.class": f"{module}.{title}", "class": title, "name": place["labels"][index]}[kind]


@helper
def orders(parameter, annotation):
    """Returns the kinds of things that a parameter may want to be told, likeliest first. Those of one module are told of each in turn."""
    import types

    words, role = words_of(parameter.name), role_of(parameter.name)
    if types.ModuleType in types_of(annotation):
        return ["package object"]
    if "module" in words or "modules" in words:
        return ["module", "file", "module:class", "module.class", "package", "directory", "stem"]
    if role == "directory":
        return ["directory", "file", "package", "module", "module.class", "module:class"]
    if role == "package":
        return ["package", "package object", "directory", "module"]
    if role == "file":
        return ["file", "directory", "module"]
    return ["directory", "package", "module", "package object", "file", "stem", "module:class", "module.class"]


@helper
def tellings(day, method, place):
    """Returns the ways to tell a method where plugins are, each a list of calls: one for a folder or a package, one for each module or file."""
    parameters = [each for each in parameters_of([method]) if each[0].kind is not each[0].VAR_KEYWORD]
    required = [each for each in parameters if each[0].default is each[0].empty]
    likely = [each for each in parameters if role_of(each[0].name) in ("directory", "package", "module", "file")]
    ways = []
    for slot in [*(each for each in likely if each in required), *required, *likely, *parameters][:1]:
        kinds = types_of(slot[1])
        many = bool(kinds) and all(issubclass(each, list | tuple | set) or "Iterable" in each.__name__ or "Sequence" in each.__name__ for each in kinds)
        for kind in orders(slot[0], slot[1]):
            single = kind in ("directory", "package", "package object")
            calls = []
            for index in range(1 if single else len(place["labels"])):
                calls.append([told(day, place, each, slot, kind, index, many) for each in [*required, *([] if slot in required else [slot])]])
            ways.append(calls)
    if not required:
        ways.append([[]])
    return ways


@helper
def told(day, place, parameter, slot, kind, index, many):
    """Returns one argument as (name, whether by position, what is told)."""
    import pathlib

    by_position = parameter[2] or parameter[0].kind is parameter[0].POSITIONAL_ONLY
    types = types_of(parameter[1])

    def formed(item):
        return pathlib.Path(item) if isinstance(item, str) and any(issubclass(each, pathlib.PurePath) for each in types) and str not in types else item

    if parameter[0].name == slot[0].name:
        indices = range(len(place["labels"])) if kind not in ("directory", "package", "package object") else range(1)
        item = [values_for(place, kind, each) for each in indices] if many else values_for(place, kind, index)
        return parameter[0].name, by_position, formed(item)
    role = role_of(parameter[0].name)
    if role in ("directory", "package", "module", "file", "class", "name"):
        return parameter[0].name, by_position, formed(values_for(place, role, index))
    return parameter[0].name, by_position, sample(day, parameter[1], parameter[0].name, {})


@helper
def tell(method, arguments):
    """Calls a method with these arguments."""
    positional = [item for _, by_position, item in arguments if by_position]
    return called(method, *positional, **{name: item for name, by_position, item in arguments if not by_position})


@helper
def texts_in(item):
    """Returns the texts in a flat answer: names of modules, paths."""
    item = list(item) if isinstance(item, list | tuple | set | dict) else [item]
    return [str(each) for each in item if isinstance(each, str) or type(each).__name__.endswith("Path")]


@helper
def seen_in(day, manager, answers, tokens):
    """Returns the tokens of all plugins that a manager has found: what it gave back, what it holds, what it gives by name."""
    found = [*reachable(answers), *reachable(manager)]
    for label, token in tokens.items():
        if token not in found:
            try:
                found += [token] if fetched(day, manager, label) == token else []
            except Missing:
                continue
    return list(dict.fromkeys(found))


@helper
def managers_for(day, place):
    """Returns ways to make a manager: one that is told where its plugins are, where it can be, and one that is told nothing."""
    wanted = {"directory": place["folder"], "package": place["package"]}
    cls = find(day, "PluginManager")
    takes_place = any(role_of(each.name) in wanted for each, _, _ in parameters_of(initializers_of(cls)))
    return [wanted, {}] if takes_place else [{}]


@helper
def searched(day, tokens, place, groups):
    """Has the manager look for plugins in one place, in all ways that it may want to be told of it, until it finds them all.

    Returns the tokens of the best try, and what the first one raised.
    """
    best, first = [], None
    place = {**place, "labels": list(tokens)}
    for wanted in managers_for(day, place):
        for name in method_names(day, groups):
            for way in range(len(tellings(day, getattr(find(day, "PluginManager"), name), place)) or 1):
                manager = new_manager(day, wanted)
                method = getattr(manager, name)
                ways = tellings(day, method, place)
                if way >= len(ways):
                    continue
                try:
                    answers = [tell(method, arguments) for arguments in ways[way]]
                    found = seen_in(day, manager, answers, tokens)
                    if not set(tokens.values()) <= set(found):
                        found = followed_up(day, manager, answers, tokens) or found
                except Exception as error:
                    first = first or error
                    continue
                if set(tokens.values()) <= set(found):
                    return found, None
                best = max(best, found, key=len)
    return best, first


@helper
def followed_up(day, manager, answers, tokens):
    """Loads what a manager has only found, where it does that in two steps."""
    for name in method_names(day, ["load_plugin"]):
        method = getattr(manager, name)
        required = [each for each in parameters_of([method]) if each[0].default is each[0].empty]
        texts = [text for answer in answers for text in texts_in(answer)]
        try:
            for text in texts if len(required) == 1 else [None] if not required else []:
                answers = [*answers, called(method, text) if text is not None else called(method)]
        except Exception:
            continue
        found = seen_in(day, manager, answers, tokens)
        if set(tokens.values()) <= set(found):
            return found
    return []


@helper
def method_names(day, groups):
    """Returns the names of the manager's methods that go by any of these."""
    cls = find(day, "PluginManager")
    names = [each for group in groups for each in names_of(day).candidates(["PluginManager"], group)]
    return [each for each in dict.fromkeys(names) if callable(getattr(cls, each, None))]


@helper
def discovered(day, tokens, stranger, groups):
    """Returns the tokens that the manager finds of the plugins that are written into a new package, or into the learner's own.

    Raises `Missing` where the manager has no method for it, and what the method raised where it found nothing at all.
    """
    import importlib

    if not method_names(day, groups):
        raise nothing_called(day, "PluginManager", groups)
    place = laid_out(day, tokens, stranger)
    best, first = searched(day, tokens, place, groups)
    if set(tokens.values()) <= set(best):
        return best
    for own in own_place(day, tokens, stranger):
        try:
            found, error = searched(day, tokens, own, groups)
        finally:
            clear(own)
        best, first = max(best, found, key=len), first or error
        if set(tokens.values()) <= set(best):
            return best
    if "discover" in groups:
        # Some look at which subclasses of `Plugin` there are by now.
        for path in place["files"][: len(tokens)]:
            importlib.import_module(f"{place['package']}.{path.rpartition('/')[2].removesuffix('.py')}")
        for name in method_names(day, groups):
            manager = new_manager(day)
            try:
                answer = called(getattr(manager, name))
            except Exception:
                continue
            best = max(best, seen_in(day, manager, [answer], tokens), key=len)
    if first is not None and not best:
        raise first
    return best
