"""How this day's probes have a manager discover plugins that the probe has just written into a folder of its own."""

from grade_kit.names import Missing
from grade_kit.suite import helper
from probes_find import (
    defines,
    find,
    initializers_of,
    names_of,
    nothing_called,
    parameters_of,
    role_of,
    sample,
    sources,
    types_of,
    words_of,
)
from probes_made import dependency_names, members_for, model_of, own_plugins
from probes_manager import called, fetched, new_manager, reachable
from probes_use import new_plugin


@helper
def text_of_module(day, label, token, stranger):
    """Returns the text of a file with a new plugin, made after one of the learner's own, and with a class that is no plugin.

    Whatever makes a plugin of that class is kept: its bases and keywords, its decorators, and what the file says of it outside the class,
    such as a function `setup(manager)` or a list of plugins. Its name is exchanged, and its body gives way to the probe's.
    """
    import ast
    import sys

    cls = model_of(day)
    tree = ast.parse(
        next(text for path, text, test in sources(day) if not test and defines(day, path, text, cls.__name__))
    )
    title = "".join(word.capitalize() for word in label.split("_")) + "Plugin"
    own_name = getattr(new_plugin(day, cls.__name__), "name", None)
    others = {each.__name__ for each in own_plugins(day)} - {cls.__name__}

    class Renamed(ast.NodeTransformer):
        def visit_Name(self, node):
            node.id = title if node.id == cls.__name__ else node.id
            return node

        def visit_Constant(self, node):
            if isinstance(node.value, str) and node.value in (own_name, cls.__name__):
                node.value = label if node.value == own_name else title
            return node

        def visit_List(self, node):
            node.elts = [self.visit(each) for each in node.elts if not others & names_in(each)]
            return node

        def visit_Tuple(self, node):
            return self.visit_List(node)

    kept = []
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == cls.__name__:
            body = ast.parse(f"locals().update(given.members({label!r}, {token!r}))").body
            docs = [
                each
                for each in node.body
                if isinstance(each, ast.AnnAssign)
                and isinstance(each.target, ast.Name)
                and each.value is None
            ]
            node.name, node.body = title, [*docs, *body]
            for each in own_dependencies(
                day,
                [
                    *node.keywords,
                    *(word for call in node.decorator_list for word in getattr(call, "keywords", [])),
                ],
            ):
                each.value = ast.List([ast.Constant(name) for name in needed_by(day, label)], ast.Load())
            kept.append(Renamed().visit(node))
        elif not isinstance(node, ast.ClassDef | ast.Import | ast.ImportFrom) and cls.__name__ in names_in(
            node
        ):
            kept.append(Renamed().visit(node))
    used = {name for node in kept for name in names_in(node)} - {title, "given", "locals"}
    module = sys.modules[cls.__module__]
    imported = sorted(name for name in used if hasattr(module, name))
    lines = [f"from {cls.__module__} import {', '.join(imported)}"] if imported else []
    future = [
        ast.unparse(node)
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
    ]
    text = "\n\n".join(ast.unparse(ast.fix_missing_locations(node)) for node in kept)
    spare = "".join(word.capitalize() for word in stranger.split("_")) + "Tool"
    own = f"class {spare}:\n    token = {'the token of ' + stranger!r}\n    ready = True"
    return "\n".join(
        [
            *future,
            "import sys",
            *lines,
            "",
            "given = sys.modules['given_by_the_probe']",
            "",
            own,
            "",
            text,
            "",
        ]
    )


@helper
def needed_by(day, label):
    """Returns the names of the plugins that a plugin in a written module depends on: those that the probe said, or none."""
    return list(vars(day).get("_needs", {}).get(label, []))


@helper
def names_in(node):
    """Returns the names that stand in a piece of code, texts that are names among them."""
    import ast

    found = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    return found | {
        each.value
        for each in ast.walk(node)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }


@helper
def own_dependencies(day, keywords):
    """Returns those of the keywords of a class or a decorator that say what a plugin depends on."""
    return [each for each in keywords if each.arg in dependency_names(day)]


@helper
def manifest_for(day, place):
    """Writes a file that lists the new modules as a JSON file of the learner's lists theirs, and returns its path, or None."""
    import glob
    import json
    import os

    cls = model_of(day)
    for path in sorted(glob.glob("**/*.json", recursive=True)):
        with open(path, encoding="utf-8") as file:
            listed = json.load(file)
        entries = (
            next((each for each in listed.values() if isinstance(each, list)), [])
            if isinstance(listed, dict)
            else listed
        )
        known = (cls.__name__, cls.__module__.rpartition(".")[2])
        own = next((each for word in known for each in entries if word in json.dumps(each)), None)
        if own is None:
            continue
        made = []
        for index, label in enumerate(place["labels"]):
            text = json.dumps(own).replace(cls.__name__, values_for(place, "class", index))
            text = text.replace(
                json.dumps(cls.__module__)[:-1], json.dumps(values_for(place, "module", index))[:-1]
            )
            entry = json.loads(text)
            if isinstance(entry, dict):
                exchanged = {"dependencies": needed_by(day, label), "name": label}
                exchanged["module"] = values_for(place, "module", index)
                entry = {key: exchanged.get(role_of(key), item) for key, item in entry.items()}
            made.append(entry)
        target = os.path.join(place["folder"], "listed.json")
        with open(target, "w", encoding="utf-8") as file:
            json.dump(
                {next(key for key, each in listed.items() if each is entries): made}
                if isinstance(listed, dict)
                else made,
                file,
            )
        return target
    return None


@helper
def hand_out(day):
    """Puts what the written modules need where they find it."""
    import sys
    import types

    given = types.ModuleType("given_by_the_probe")
    given.members = lambda label, token: members_for(day, label, token, needed_by(day, label))
    sys.modules["given_by_the_probe"] = given
    return given


@helper
def laid_out(day, tokens, stranger):
    """Writes a package with a module for each plugin, in which there is also a class that is no plugin.

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
    """Writes the modules into a folder and returns their paths. Beside them lies a file that is no Python, as in every folder."""
    import importlib
    import os

    with open(os.path.join(folder, "some_notes.txt"), "w", encoding="utf-8"):
        pass
    files = []
    for label, token in tokens.items():
        files.append(os.path.join(folder, f"plugin_{label}_plugin.py"))
        with open(files[-1], "w", encoding="utf-8") as file:
            file.write(text_of_module(day, label, token, stranger))
    importlib.invalidate_caches()
    return files


@helper
def own_place(day, tokens, stranger):
    """Writes the modules into the learner's own `plugins/`, which is a copy that is thrown away."""
    import os

    own = sorted(
        {os.path.dirname(path) for path, _, test in sources(day) if path.startswith("plugins/") and not test},
        key=len,
    )
    model = model_of(day).__name__
    holding = {os.path.dirname(path) for path, text, _ in sources(day) if defines(day, path, text, model)}
    given = hand_out(day)
    found = []
    for folder in [each for each in own if each in holding] or own[:1]:
        package = model_of(day).__module__
        package = (
            package
            if f"{folder}/__init__.py" in {path for path, _, _ in sources(day)}
            and package.endswith(folder.replace("/", "."))
            else package.rpartition(".")[0]
        )
        files = write_modules(day, os.path.abspath(folder), tokens, stranger)
        found.append({"folder": os.path.abspath(folder), "package": package, "files": files, "given": given})
    return found


@helper
def clear(place):
    """Removes what was written."""
    import os

    for path in (*place["files"], os.path.join(place["folder"], "some_notes.txt")):
        os.remove(path)


@helper
def values_for(place, kind, index):
    """Returns what a method is told of a place, or of one of its modules: a folder, a package, a module, a file, a class."""
    import sys

    stem = place["files"][index].rpartition("/")[2].removesuffix(".py")
    module = f"{place['package']}.{stem}" if place["package"] else stem
    title = "".join(word.capitalize() for word in place["labels"][index].split("_")) + "Plugin"
    if kind == "manifest":
        return place["manifest"]
    if kind == "package object":
        __import__(place["package"])
        return sys.modules[place["package"]]
    known = {
        "directory": place["folder"],
        "package": place["package"],
        "module": module,
        "file": place["files"][index],
        "stem": stem,
    }
    return {
        **known,
        "module:class": f"{module}:{title}",
        "module.class": f"{module}.{title}",
        "class": title,
        "name": place["labels"][index],
    }[kind]


@helper
def orders(parameter, annotation):
    """Returns the kinds of things that a parameter may want to be told, likeliest first. Those of one module are told of each in turn."""
    import types

    words, role = words_of(parameter.name), role_of(parameter.name)
    if types_of(annotation) == [types.ModuleType]:
        return ["package object"]
    if "manifest" in words or ("file" in words and "config" in words):
        return ["manifest", "file", "directory"]
    if "module" in words or "modules" in words:
        return ["module", "file", "module:class", "module.class", "package", "directory", "stem"]
    if role == "directory":
        return ["directory", "file", "package", "module", "module.class", "module:class"]
    if role == "package":
        return ["package", "package object", "directory", "module"]
    if role == "file":
        return ["file", "manifest", "directory", "module"]
    return [
        "directory",
        "package",
        "module",
        "package object",
        "file",
        "stem",
        "module:class",
        "module.class",
    ]


@helper
def tellings(day, method, place):
    """Returns the ways to tell a method where plugins are, each a list of calls: one for a folder or a package, one for each module or file."""
    parameters = [each for each in parameters_of([method]) if each[0].kind is not each[0].VAR_KEYWORD]
    required = [each for each in parameters if each[0].default is each[0].empty]
    likely = [
        each for each in parameters if role_of(each[0].name) in ("directory", "package", "module", "file")
    ]
    ways = []
    for slot in [*(each for each in likely if each in required), *required, *likely, *parameters][:1]:
        kinds = types_of(slot[1])
        many = bool(kinds) and all(
            issubclass(each, list | tuple | set) or "Iterable" in each.__name__ or "Sequence" in each.__name__
            for each in kinds
        )
        for kind in orders(slot[0], slot[1]):
            single = kind in ("directory", "package", "package object", "manifest")
            if kind == "manifest" and place["manifest"] is None:
                continue
            calls = []
            for index in range(1 if single else len(place["labels"])):
                calls.append(
                    [
                        told(day, place, each, slot, kind, index, many)
                        for each in [*required, *([] if slot in required else [slot])]
                    ]
                )
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
        return (
            pathlib.Path(item)
            if isinstance(item, str)
            and any(issubclass(each, pathlib.PurePath) for each in types)
            and str not in types
            else item
        )

    if parameter[0].name == slot[0].name:
        indices = (
            range(len(place["labels"]))
            if kind not in ("directory", "package", "package object", "manifest")
            else range(1)
        )
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
    return called(
        method, *positional, **{name: item for name, by_position, item in arguments if not by_position}
    )


@helper
def texts_in(item):
    """Returns the texts in a flat answer: names of modules, paths."""
    item = list(item) if isinstance(item, list | tuple | set | dict) else [item]
    return [str(each) for each in item if isinstance(each, str) or type(each).__name__.endswith("Path")]


@helper
def seen_in(day, manager, answers, tokens):
    """Returns the tokens of all plugins that a manager has found: what it gave back, what it holds, what it gives by name."""
    found = [*reachable(answers), *reachable(manager)]
    said = [text for answer in answers for text in texts_in(answer)]
    found += [token for label, token in tokens.items() if label in said]
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
    place["manifest"] = manifest_for(day, place)
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
                    # What a mere guess at the parameters makes the method raise says nothing.
                    first = first or (error if way == 0 and says_what(method) else None)
                    continue
                if set(tokens.values()) <= set(found):
                    return found, None
                best = max(best, found, key=len)
    return best, first


@helper
def says_what(method):
    """Whether the parameters of a method say by their names what it wants to be told, or it wants nothing."""
    parameters = parameters_of([method])
    known = ("directory", "package", "module", "file", "class", "name")
    required = [each for each in parameters if each[0].default is each[0].empty]
    return all(role_of(each.name) in known for each, _, _ in required or parameters[:1])


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
