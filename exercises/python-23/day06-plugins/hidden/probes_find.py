"""How this day's probes find the learner's classes, in whichever files of the day they are, and make instances of them.

The plan names a folder and five classes. Which file holds which class, and how the files import each other, is free. So a class is
looked for by name in all of them, and its file is imported the way in which the learner's own files do it.
"""

from grade_kit.names import Missing, raw, value
from grade_kit.suite import helper


@helper
def names_of(day):
    """Returns what knows the accepted names."""
    return day._host.names


@helper
def sources(day):
    """Returns the Python files of the day as path, text, and whether it is a test: `plugins/` first, tests last.

    To parse them all takes longer than most probes. What is asked of them is read off their texts where that can be done with certainty,
    and off a syntax tree where it cannot.
    """
    import os
    import sys

    if "_sources" not in vars(day):
        imported = {getattr(sys.modules.get(name), "__file__", None) for name in names_of(day).modules}
        found = []
        for folder, folders, files in os.walk("."):
            folders[:] = sorted(each for each in folders if not each.startswith((".", "__pycache__")))
            for name in sorted(files):
                path = os.path.normpath(os.path.join(folder, name))
                if not name.endswith(".py"):
                    continue
                try:
                    with open(path, "rb") as file:
                        text = file.read().decode().removeprefix("\ufeff")
                except ValueError:
                    text = ""
                test = name == "conftest.py" or name.startswith("test_") or name.endswith("_test.py")
                if not test and os.path.abspath(path) not in imported and not tree_of(day, path, text).body:
                    # It is no Python.
                    text = ""
                found.append((path, text, test))
        found.sort(key=lambda each: (each[2], not each[0].startswith("plugins"), each[0].count("/"), each[0]))
        day._sources = found
    return day._sources


@helper
def tree_of(day, path, text):
    """Returns the syntax tree of a file, an empty one where it is no Python."""
    import ast

    trees = vars(day).setdefault("_trees", {})
    if path not in trees:
        try:
            trees[path] = ast.parse(text)
        except (SyntaxError, ValueError):
            trees[path] = ast.Module([], [])
    return trees[path]


@helper
def leaves_quotes_open(text):
    """Whether a file up to some place may end within a text of several lines."""
    return any(text.count(quotes) % 2 for quotes in ('"""', "'''"))


@helper
def imports_of(
    day,
    path,
    text,
    statements=__import__("re").compile(
        r"^[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+)?import\b[ \t]*(?:\(([^)#;\\]*)\)|([^\n(#;\\]+))\s*?$",
        __import__("re").MULTILINE,
    ),
    words=__import__("re").compile(r"import\b"),
):
    """Returns what a file imports: for each statement its level, the number of dots, and the dotted names."""
    import ast

    found = list(statements.finditer(text))
    if len(found) == len(words.findall(text)) and not any(leaves_quotes_open(text[: each.start()]) for each in found):
        parts = [(each[1] or "", each[2], (each[3] or each[4] or "").split(",")) for each in found]
        return [
            (len(dots), [f"{module}." * bool(module) + each.split()[0] for each in names if each.strip()])
            for dots, module, names in parts
        ]
    found = []
    for node in ast.walk(tree_of(day, path, text)):
        if isinstance(node, ast.Import):
            found.append((0, [each.name for each in node.names]))
        elif isinstance(node, ast.ImportFrom):
            found.append((node.level, [f"{node.module or ''}." + each.name for each in node.names]))
    return found


@helper
def defines(
    day,
    path,
    text,
    name,
    definitions=__import__("re").compile(r"\b(?:class|def)[\s\\]+(\w+)|\b(\w+)[\s\\]*[:=]"),
):
    """Whether a file defines a name at its top."""
    if name not in text:
        return False
    for word in ("class", "def", "async def"):
        before, found, after = f"\n{text}".partition(f"\n{word} {name}")
        if found and not after[:1].isidentifier() and not after[:1].isdigit() and not leaves_quotes_open(before):
            return True
    return any(name in each for each in definitions.findall(text)) and name in top_names(tree_of(day, path, text))


@helper
def top_names(tree):
    """Returns the names that a file defines at its top, and in `if` and `try` there."""
    import ast

    found, ahead = [], list(tree.body)
    while ahead:
        node = ahead.pop(0)
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            found.append(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found += [each.id for each in targets if isinstance(each, ast.Name)]
        elif isinstance(node, ast.If | ast.Try):
            ahead = [*node.body, *node.orelse, *ahead]
    return found


@helper
def prefixes(day):
    """Returns what may stand before `plugins` where the learner's files import each other, likeliest first.

    `week1.day6` in `from week1.day6.plugins.base import Plugin`. None stands for `from base import Plugin`, as between files that are
    run where they lie.
    """
    import os
    from collections import Counter

    if "_prefixes" in vars(day):
        return day._prefixes
    tops = {path.partition("/")[0].removesuffix(".py") for path, _, _ in sources(day)}
    inner = {
        path.split("/")[1].removesuffix(".py")
        for path, _, _ in sources(day)
        if path.count("/") == 1 and path.startswith("plugins/")
    }
    folder = ".".join(part for part in day._host.config["folder"].split("/") if part)
    votes = Counter()
    for path, text, test in sources(day):
        for level, modules in imports_of(day, path, text):
            if level > path.count("/"):
                votes[folder] += 100
            for module in modules if level == 0 else []:
                parts = module.split(".")
                before = next((index for index, part in enumerate(parts) if part in tops), None)
                weight = 1 if test else 10
                if before is not None and f".{folder}".endswith("." + ".".join(parts[:before])):
                    votes[".".join(parts[:before])] += weight
                elif before == 0:
                    votes[""] += weight
                elif parts[0] in inner and not os.path.exists(parts[0] + ".py"):
                    votes[None] += weight
    likely = [each for each, _ in votes.most_common()]
    day._prefixes = list(dict.fromkeys([*likely, day._host.config["package"], "", folder, None]))
    return day._prefixes


@helper
def import_file(day, path):
    """Imports a file of the day's as the learner's other files do, and returns the module."""
    import importlib
    import os
    import sys

    stem = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    first = None
    for prefix in prefixes(day):
        if prefix is None:
            sys.path.append(os.path.join(os.getcwd(), "plugins"))
            name = stem.removeprefix("plugins.")
        else:
            name = f"{prefix}.{stem}" if prefix else stem
        try:
            module = importlib.import_module(name)
            if os.path.abspath(getattr(module, "__file__", None) or "") == os.path.abspath(path):
                return module
        except Exception as error:
            first = first or error
    # Where the day's first file could not be imported either, that is said once, and not by every test.
    _ = day.plugins
    raise first or ImportError(f"`{path}` cannot be imported")


@helper
def find(day, name):
    """Returns the learner's class of this name, or of another that is accepted for it, in whichever file it is."""
    if "_found" not in vars(day):
        day._found = {}
    if name in day._found:
        return day._found[name]
    tried = names_of(day).candidates([""], name)
    for wanted in tried:
        for path, text, test in sources(day):
            if not test and defines(day, path, text, wanted.rpartition(".")[2]):
                found = getattr(import_file(day, path), wanted.rpartition(".")[2], None)
                if found is not None:
                    day._found[name] = raw(found)
                    return day._found[name]
    if not any(path.startswith("plugins") for path, _, _ in sources(day)):
        _ = day.plugins
    raise Missing("plugins/*.py", name, tried)


@helper
def member(day, target, name):
    """Returns the member of something of the learner's that goes by `name`, or None."""
    names = names_of(day)
    cls = target if isinstance(target, type) else type(target)
    known = [each for each in cls.__mro__ if each is not object]
    owners = [owner for each in known for owner in names.canonical(each.__name__)]
    # A subclass of the learner's manager goes by what is accepted for a manager.
    for found in names.candidates(owners, name):
        try:
            return getattr(target, found)
        except AttributeError:
            continue
    return None


@helper
def methods(day, target, owner, names):
    """Returns the methods that go by any of `names`, in this order, each once."""
    found = []
    for name in names:
        for each in names_of(day).candidates([owner], name):
            if callable(getattr(type(target), each, None)):
                method = getattr(target, each)
                if callable(method) and method not in found:
                    found.append(method)
    return found


@helper
def nothing_called(day, owner, names):
    """Returns a `Missing` that tells all names that were looked for."""
    tried = [each for name in names for each in names_of(day).candidates([owner], name)]
    return Missing(owner, names[0], list(dict.fromkeys(tried)))


# --- types and parameters -------------------------------------------------------------------------------------------------


@helper
def types_of(annotation):
    """Returns the types that an annotation allows; an empty list where it says nothing."""
    import inspect
    import types
    import typing

    if annotation is None or annotation is inspect.Parameter.empty or annotation is typing.Any:
        return []
    if isinstance(annotation, str):
        word = annotation.partition("[")[0].split("|")[0].strip().rpartition(".")[2]
        known = {
            each.__name__: each for each in (str, int, float, bool, list, dict, tuple, set, frozenset, type)
        }
        known |= {
            "List": list,
            "Dict": dict,
            "Mapping": dict,
            "Sequence": list,
            "Iterable": list,
            "Type": type,
        }
        return [known[word]] if word in known else []
    for inner in ("__supertype__", "__value__", "__bound__"):
        if getattr(annotation, inner, None) is not None:
            return types_of(getattr(annotation, inner))
    origin = typing.get_origin(annotation)
    if origin in (typing.Annotated, typing.ClassVar, typing.Final):
        return types_of(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        return [found for each in typing.get_args(annotation) for found in types_of(each)]
    if origin is typing.Literal:
        return [type(each) for each in typing.get_args(annotation)]
    found = origin or annotation
    return [found] if isinstance(found, type) and found is not object else []


@helper
def hints_of(function, known={}):
    """Returns a function's or a class's annotations, resolved where they can be. `known` are those that were asked for."""
    import typing

    function = getattr(function, "__func__", function)
    if id(function) not in known:
        try:
            hints = typing.get_type_hints(function, include_extras=True)
        except Exception:
            hints = dict(getattr(function, "__annotations__", {}))
        # The function is kept as well: another one must not come to have its number.
        known[id(function)] = (function, hints)
    return known[id(function)][1]


@helper
def arguments_within(annotation):
    """Returns what stands in the brackets of an annotation, however deep: `str` and `int` of `dict[str, int] | None`."""
    import typing

    inner = typing.get_args(annotation)
    return [*inner, *(found for each in inner for found in arguments_within(each))]


@helper
def words_of(name, borders=__import__("re").compile(r"(?<=[a-z])(?=[A-Z])")):
    """Returns the words of a name, `pluginName` and `plugin_name` alike."""
    return borders.sub("_", name).lower().strip("_").split("_")


@helper
def role_of(name, known={}):
    """Returns what a parameter or a field stands for, judged by the words in its name, or None. `known` are those that were asked for."""
    if name not in known:
        known[name] = role_of_words(set(words_of(name)))
    return known[name]


@helper
def role_of_words(words):
    """Returns the first role that any of the words stands for, or None."""
    if words & {"required", "requires", "requirements"} and words & {"plugin", "plugins"}:
        return "dependencies"
    roles = {
        "dependencies": (
            "dependencies",
            "dependency",
            "deps",
            "requires",
            "depends",
            "requirements",
            "needs",
            "after",
        ),
        "config": ("config", "configuration", "cfg", "conf", "settings", "options"),
        "metadata": ("metadata", "meta", "info", "manifest", "spec"),
        "directory": (
            "dir",
            "dirs",
            "directory",
            "directories",
            "folder",
            "folders",
            "path",
            "paths",
            "location",
        ),
        "package": ("package", "packages", "pkg", "namespace"),
        "module": ("module", "modules"),
        "file": ("file", "filename"),
        "class": ("cls", "class", "klass", "factory"),
        "version": ("version",),
        "plugins": ("plugins",),
        "name": ("name", "id", "identifier", "key"),
        "plugin": ("plugin", "instance"),
        "rules": (
            "rules",
            "rule",
            "schema",
            "validators",
            "validator",
            "constraints",
            "fields",
            "checks",
            "required",
            "types",
        ),
        "text": ("text", "message", "msg", "content", "body", "string", "sentence", "notification", "alert"),
        "data": (
            "data",
            "input",
            "payload",
            "value",
            "record",
            "records",
            "item",
            "items",
            "context",
            "ctx",
            "source",
            "document",
            "event",
        ),
    }
    # `class_name` is a class, `plugin_name` a name and `plugin_dir` a directory.
    return next((role for role, known in roles.items() if not words.isdisjoint(known)), None)


@helper
def initializers_of(cls):
    """Returns the `__init__` of a class and of its bases, nearest first, without those that only protocols have."""
    found = [
        vars(base)["__init__"] for base in cls.__mro__ if base is not object and "__init__" in vars(base)
    ]
    return [
        each
        for each in found
        if getattr(each, "__name__", "") not in ("_no_init_or_replace_init", "_no_init")
    ]


@helper
def parameters_of(functions, known={}):
    """Returns the parameters of the first function, and of the next ones where it hands `*args` or `**kwargs` on.

    Each is (parameter, annotation, whether it must be given by position). `known` are those of plain functions that were asked for.
    """
    import types

    if not all(isinstance(each, types.FunctionType) for each in functions):
        return parameters_in(functions)
    key = tuple(functions)
    if key not in known:
        known[key] = parameters_in(functions)
    return known[key]


@helper
def parameters_in(functions):
    """Looks at functions and returns their parameters, as `parameters_of` does."""
    import inspect

    found, names, by_position = [], {"self"}, False
    for function in functions:
        hints = hints_of(function)
        try:
            parameters = list(inspect.signature(function).parameters.values())
        except (ValueError, TypeError):
            continue
        kinds = {each.kind for each in parameters}
        handed_on = kinds & {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}
        by_position = by_position or handed_on == {inspect.Parameter.VAR_POSITIONAL}
        for each in parameters:
            if each.kind not in handed_on and each.name not in names:
                names.add(each.name)
                first = by_position and each.kind is not inspect.Parameter.KEYWORD_ONLY
                found.append(
                    (each, hints.get(each.name), first or each.kind is inspect.Parameter.POSITIONAL_ONLY)
                )
        if not handed_on:
            break
    return found


@helper
def is_dataclass_type(cls):
    """Whether this is a dataclass of the learner's."""
    import dataclasses

    return isinstance(cls, type) and dataclasses.is_dataclass(cls)


@helper
def dataclasses_of(day):
    """Returns the dataclasses that the day's files define."""
    import ast

    found = []
    for path, text, test in sources(day):
        if "@" not in text or test or path.endswith(("__main__.py", "main.py")):
            continue
        defined = [
            node.name
            for node in ast.walk(tree_of(day, path, text))
            if isinstance(node, ast.ClassDef) and node.decorator_list
        ]
        if defined:
            module = import_file(day, path)
            found += [
                cls
                for name in defined
                if is_dataclass_type(cls := getattr(module, name, None)) and cls not in found
            ]
    return found


@helper
def sample(day, annotation, name, wanted):
    """Returns something that an annotation and a name ask for. `wanted` says what to give for which role."""
    import datetime
    import enum
    import pathlib
    import sys
    import typing

    role, types = role_of(name), types_of(annotation)
    if typing.get_origin(annotation) is typing.Literal:
        return typing.get_args(annotation)[0]
    if role == "dependencies" and role in wanted:
        return as_dependencies(day, annotation, None, wanted[role])
    if role == "class" and role not in wanted and "plugin" in wanted:
        return wanted["plugin"]
    if role in wanted:
        return shaped(day, wanted[role], annotation, types)
    for each in types:
        if issubclass(each, enum.Enum):
            return next(iter(each))
        if each.__module__.partition(".")[0] not in sys.stdlib_module_names:
            if each.__name__ == "PluginManager" or getattr(each, "_is_protocol", False):
                continue
            return construct(day, each, wanted)
    if role == "config" and not types:
        near = [cls for cls in dataclasses_of(day) if role_of(cls.__name__) == "config"]
        for cls in sorted(
            near, key=lambda cls: not wanted.get("owner", "?").startswith(cls.__name__.removesuffix("Config"))
        ):
            return construct(day, cls, wanted)
        return {}
    now = datetime.datetime.now()
    plain = {
        str: "text",
        int: 1,
        float: 1.0,
        bool: True,
        list: [],
        dict: {},
        tuple: (),
        set: set(),
        frozenset: frozenset(),
    }
    plain |= {datetime.datetime: now, datetime.date: now.date(), type(None): None}
    for each in types:
        if each in plain:
            return plain[each]
        if each.__module__ == "logging":
            return sys.modules["logging"].getLogger("probe")
        if issubclass(each, pathlib.PurePath):
            return pathlib.Path(new_folder())
        if each.__module__ in ("collections.abc", "typing"):
            if "Callable" in each.__name__:
                return lambda *args, **kwargs: True
            return {} if "Mapping" in each.__name__ else []
    if role in ("directory", "file"):
        return new_folder()
    return {"version": "1.0.0", "dependencies": [], "metadata": {}, "rules": {}, "plugins": []}.get(
        role, "text"
    )


@helper
def new_folder():
    """Makes an empty folder, which is thrown away with the sandbox."""
    import tempfile

    return tempfile.mkdtemp()


@helper
def as_dependencies(day, annotation, current, wanted):
    """Returns dependencies in the form that is asked for: names or classes, in a list, tuple, set or dict."""
    found = [each for each in types_of(annotation) if each in (list, tuple, set, frozenset, dict)]
    form = (
        found[0]
        if found
        else type(current)
        if isinstance(current, list | tuple | set | frozenset | dict)
        else list
    )
    inner = [each for note in arguments_within(annotation) for each in (types_of(note) or [])]
    items = list(wanted)
    if form is dict:
        return {name: sample(day, None, "version", {"version": "1.0.0"}) for name in items}
    if any(each is type for each in inner):
        items = [made for name in items if (made := vars(day).get("_classes", {}).get(name))]
    elif own := [each for each in inner if is_dataclass_type(each)]:
        items = [construct(day, own[0], {"name": name}) for name in items]
    return form(items)


@helper
def shaped(day, item, annotation, types):
    """Returns what is wanted in the type that is asked for: a path as `Path`, a list as tuple or set."""
    import pathlib
    import types as kinds

    if isinstance(item, str):
        if any(issubclass(each, pathlib.PurePath) for each in types):
            return pathlib.Path(item)
        if types and types[0] in (list, tuple, set, frozenset):
            return types[0](
                [
                    shaped(
                        day,
                        item,
                        None,
                        [each for inner in arguments_within(annotation) for each in types_of(inner)],
                    )
                ]
            )
    if isinstance(item, kinds.ModuleType) and types and kinds.ModuleType not in types:
        return item.__name__
    if (
        isinstance(item, str)
        and types
        and str not in types
        and any(each.__name__ in ("Iterable", "Sequence", "Collection") for each in types)
    ):
        return [item]
    if isinstance(item, list) and types and types[0] in (tuple, set, frozenset):
        return types[0](item)
    return item


@helper
def arguments_for(day, functions, wanted):
    """Returns positional and keyword arguments: all that must be given, and what of `wanted` can be given."""
    positional, keywords = [], {}
    for parameter, annotation, by_position in parameters_of(functions):
        wants = role_of(parameter.name) in wanted or any(takes(each, wanted) for each in types_of(annotation))
        if parameter.default is parameter.empty or wants:
            item = sample(day, annotation, parameter.name, wanted)
        elif by_position:
            item = parameter.default
        else:
            continue
        if by_position:
            positional.append(item)
        else:
            keywords[parameter.name] = item
    return positional, keywords


@helper
def takes(cls, wanted):
    """Whether this is a dataclass of the learner's with a field for something of what is wanted."""
    import dataclasses

    return is_dataclass_type(cls) and any(
        role_of(each.name) in wanted and each.init for each in dataclasses.fields(cls)
    )


@helper
def construct(day, cls, wanted):
    """Makes an instance of one of the learner's classes."""
    positional, keywords = arguments_for(day, initializers_of(cls), {"owner": cls.__name__, **wanted})
    return cls(*positional, **keywords)


@helper
def plain_value(target, name):
    """Returns what a name says of something: attribute, property or method without arguments."""
    return raw(value(target, name))


@helper
def leaves(item, depth=0, seen=None):
    """Returns the texts and numbers in something, however deep: in collections, dataclasses, and attributes of the learner's objects."""
    import enum
    import sys

    seen = set() if seen is None else seen
    item = raw(item)
    if item is None or isinstance(item, bool):
        return []
    if isinstance(item, enum.Enum):
        return leaves(item.value, depth + 1, seen)
    if isinstance(item, str | int | float):
        return [item]
    if isinstance(item, bytes):
        return [item.decode("utf-8", "replace")]
    if (
        depth > 6
        or id(item) in seen
        or isinstance(item, type)
        or callable(item)
        and not hasattr(item, "__dict__")
    ):
        return []
    seen.add(id(item))
    if isinstance(item, dict):
        inner = [*item.keys(), *item.values()]
    elif isinstance(item, list | tuple | set | frozenset) or type(item).__name__ in (
        "deque",
        "dict_values",
        "dict_items",
        "dict_keys",
        "generator",
        "map",
        "filter",
    ):
        inner = list(item)
    elif (
        type(item).__module__.partition(".")[0] not in sys.stdlib_module_names
        or type(item).__module__ == "types"
    ):
        slots = [
            name
            for base in type(item).__mro__
            for name in getattr(base, "__slots__", ())
            if isinstance(name, str)
        ]
        inner = [*vars(item).values()] if hasattr(item, "__dict__") else []
        inner += [getattr(item, name) for name in slots if hasattr(item, name)]
    else:
        return []
    found = []
    for each in inner:
        # Most are texts and numbers, and a call for each would take longer than all else.
        found += [each] if type(each) in (str, int, float) else leaves(each, depth + 1, seen)
    return found
