"""Forms of schema: one description of fields, written as competent people write schemas.

A description is plain: `{"port": "int", "note": "str, may be missing", "server": {"host": "str"}}`. A form says how it becomes what a
learner's validator takes: `structure` (how a field is written down), `types` (how a type is spelled), `nested` (how a section is
written down within another) and `wrap` (whether a class or function of the learner's makes something of it).
"""

from grade_kit.names import raw
from grade_kit.suite import helper

# What stands behind a field's type where the field may be left out.
OPTIONAL = ", may be missing"


@helper
def own_things(day):
    """Returns what the learner's module has of the learner's own: classes and functions, by name."""
    module = raw(day.config_validator)
    own = object.__getattribute__(day.config_validator, "_names").modules
    found = vars(module).items()
    return {name: each for name, each in found if callable(each) and getattr(each, "__module__", None) in own}


@helper
def accepted_names(day, name, owner=""):
    """Returns all names under which the day accepts `name`, its own first."""
    return object.__getattribute__(day.config_validator, "_names").candidates([owner], name)


@helper
def usual_spellings(kind):
    """Returns how a type may be spelled whatever the learner's module has for it: the type itself, and words for it."""
    return {
        "int": [int, "int", "integer", "number"],
        "str": [str, "str", "string", "text"],
        "float": [float, "float", "number", "double"],
        "bool": [bool, "bool", "boolean"],
        "list": [list, "list", "array", [str], ["str"], ["string"]],
        "dict": [dict, "dict", "object", "mapping", "map", "section", "nested"],
    }[kind]


@helper
def spellings(day, kind):
    """Returns how a type may be spelled: as usual, and with what the learner's module has for it."""
    import enum

    known = usual_spellings(kind)
    words = {word for word in known if isinstance(word, str)}
    found = list(known)
    for name, each in own_things(day).items():
        if isinstance(each, type) and issubclass(each, enum.Enum):
            found += [
                member
                for member in each
                if member.value == known[0] or {member.name.lower(), str(member.value).lower()} & words
            ]
        elif isinstance(each, type) and not issubclass(each, BaseException) and stem(name) in words:
            try:
                found.append(each())
            except Exception:
                continue
        elif stem(name) in words:
            found.append(each)
        elif kind == "list" and name in ("list_of", "array_of", "listing", "sequence_of"):
            found += [each(text) for text in spellings(day, "str")[4:]]
    return found


@helper
def stem(name):
    """Returns the word of a class for a type: `integer` for `IntegerField`."""
    word = name.lower()
    for ending in ("field", "type", "validator", "rule", "check", "schema", "spec", "node"):
        if word.endswith(ending):
            return word.removesuffix(ending).removesuffix("_")
    return word


@helper
def structures():
    """Returns how fields are written down, the most usual first."""
    found = [("plain",)]
    found += [("spec", "type", "required"), ("spec", "type", None), ("spec", "type", "optional")]
    found += [("spec", key, "required") for key in ("types", "expected_type", "type_", "kind", "dtype", "datatype")]
    found += [("spec", "type", "mandatory"), ("spec", "expected", "required")]
    found += [("split", "properties", "required", "spec"), ("split", "properties", "required", "bare")]
    found += [("split", "fields", "required", "spec"), ("split", "fields", "required", "bare")]
    for key in ("types", "field_types", "fields", "schema", "type"):
        found += [("split", key, required, "bare") for required in ("required", "required_fields", "required_keys")]
    found += [("halves", "required", "optional"), ("halves", "required_fields", "optional_fields")]
    found += [("within", "fields"), ("within", "properties"), ("within", "schema")]
    found += [("tuple",), ("list", "name"), ("list", "field"), ("list", "key"), ("list", "path"), ("rows",)]
    found += [("function", "names"), ("function", "dict"), ("dotted", "bare"), ("dotted", "spec"), ("object", "dict"), ("object", "list"), ("dataclass",)]
    return [*found, ("typeddict",)]


@helper
def keys_read(day):
    """Returns the keys that the learner's code looks up by name: `rules["type"]`, `rules.get("type")`, `"type" in rules`."""
    import ast
    import inspect
    import sys

    found = set()
    for name in object.__getattribute__(day.config_validator, "_names").modules:
        try:
            tree = ast.parse(inspect.getsource(sys.modules[name]))
        except (KeyError, OSError, TypeError, SyntaxError):
            continue
        for node in ast.walk(tree):
            key = None
            if isinstance(node, ast.Subscript):
                key = node.slice
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("get", "pop"):
                key = next(iter(node.args), None)
            elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
                key = node.left
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                found.add(key.value)
    return found


@helper
def structures_for(day):
    """Returns the structures that go with the learner's code: where that asks a field whether it is required, it is told so in these words."""
    flags = sorted({"required", "optional", "mandatory"} & keys_read(day))
    found = []
    for structure in structures():
        spec = structure[0] == "spec" and flags
        found += [(*structure[:2], flag) for flag in flags] if spec else [structure]
    return list(dict.fromkeys(found))


@helper
def sections(structure):
    """Returns how a section is written down within another, for this structure: the most usual first."""
    keys = ["schema", "properties", "fields", "nested", "children", "keys", "sub_schema", "subschema", "nested_schema"]
    keys += ["items", "spec", "structure", "contents", "nested_fields", "value", "values", "sections", "attributes"]
    if structure[0] == "spec":
        ways = [("key", key) for key in keys]
        ways += [("bare",), ("type",), *[("key alone", key) for key in keys]]
        return ways + [("level with type",)]
    if structure[0] == "list":
        return [("key", key) for key in keys] + [("type",)]
    if structure[0] == "object":
        return [("parameter",), ("type",), ("bare",)]
    if structure[0] == "split":
        return [("bare",), *[("beside", key) for key in ("nested", "sections", "children")]]
    if structure[0] == "plain":
        return [("bare",), ("class",), ("field",)]
    if structure[0] == "dotted":
        return [("flat",), ("flat and section",)]
    return [("bare",)]


@helper
def fields_of(schema):
    """Returns the fields of a description: (name, type or description, whether it is required)."""
    found = []
    for name, kind in schema.items():
        if isinstance(kind, dict):
            found.append((name, kind, True))
        else:
            found.append((name, kind.split(",")[0], "," not in kind))
    return found


@helper
def write(day, form, schema):
    """Returns the description as a schema of this form."""
    level, name = write_level(day, form, schema), form["wrap"].partition(" ")[2]
    return own_things(day)[name](level) if name else level


@helper
def wrapped(day, form, level):
    """Returns what a class or function of the learner's makes of a schema, where the form says so."""
    when, _, name = form["wrap"].partition(" ")
    return own_things(day)[name](level) if when == "every" else level


@helper
def spelled(day, form, kind):
    """Returns a type as this form spells it."""
    index, usual = form["types"].get(kind, 0), usual_spellings(kind)
    return usual[index] if index < len(usual) else spellings(day, kind)[index]


@helper
def write_level(day, form, schema):
    """Returns the fields of one level as a schema of this form."""
    structure, fields = form["structure"], fields_of(schema)
    how, names = structure[0], [name for name, _, required in fields if required]

    def item(kind):
        return write_inner(day, form, kind) if isinstance(kind, dict) else spelled(day, form, kind)

    if how == "plain":
        return {name: item(kind) for name, kind, _ in fields}
    if how == "spec":
        return {name: write_spec(day, form, kind, required) for name, kind, required in fields}
    if how == "split":
        return write_split(day, form, fields, names)
    if how == "halves":
        halves = {
            key: {name: item(kind) for name, kind, each in fields if each is required}
            for key, required in zip(structure[1:], (True, False))
        }
        return {key: half for key, half in halves.items() if half or key == structure[1]}
    if how == "within":
        inner = {**form, "structure": ("spec", "type", "required"), "nested": ("bare",)}
        specs = {
            name: write_level(day, form, kind) if isinstance(kind, dict) else write_spec(day, inner, kind, required)
            for name, kind, required in fields
        }
        return {structure[1]: specs}
    if how == "function":
        return write_function(day, form, {name: (item(kind), required) for name, kind, required in fields})
    if how == "tuple":
        return {name: (item(kind), required) for name, kind, required in fields}
    if how == "rows":
        return [(name, item(kind), required) for name, kind, required in fields]
    if how == "list":
        inner = {**form, "structure": ("spec", "type", "required")}
        return [
            {structure[1]: name, **write_spec(day, inner, kind, required)} for name, kind, required in fields
        ]
    if how == "dotted":
        return write_dotted(day, form, schema, "")
    if how == "object":
        found = {name: write_object(day, form, name, kind, required) for name, kind, required in fields}
        return found if structure[1] == "dict" else list(found.values())
    return write_class(day, form, fields)


@helper
def write_inner(day, form, schema):
    """Returns a section as it stands within another."""
    level = write_level(day, form, schema)
    if form["nested"][0] in ("class", "field"):
        words = ("dict", "object", "nested", "section", "mapping", "map", "sub", "subschema")
        for name, each in own_things(day).items():
            if isinstance(each, type) and stem(name) in words:
                return each(level)
        raise LookupError("no class for sections")
    return wrapped(day, form, level)


@helper
def write_spec(day, form, kind, required):
    """Returns a field as a dict that says its type and whether it is required."""
    _, type_key, required_key = form["structure"]
    flag = {required_key: required} if required_key in ("required", "mandatory") else {}
    if required_key == "optional":
        flag = {"optional": not required}
    if not isinstance(kind, dict):
        return {type_key: spelled(day, form, kind), **flag}
    level = write_inner(day, form, kind)
    how, *key = form["nested"]
    if how == "key":
        return {type_key: spelled(day, form, "dict"), **flag, key[0]: level}
    if how == "key alone":
        return {**flag, key[0]: level}
    if how == "type":
        return {type_key: level, **flag}
    if how == "level with type":
        return {type_key: spelled(day, form, "dict"), **flag, **level}
    return level


@helper
def write_split(day, form, fields, names):
    """Returns a level that has the types under one key and the names of the required fields under another."""
    _, types_key, required_key, leaf = form["structure"]
    top = {"type": spelled(day, form, "dict")} if types_key == "properties" and leaf == "spec" else {}
    types, beside = {}, {}
    for name, kind, _ in fields:
        if isinstance(kind, dict):
            inner = write_inner(day, form, kind)
            if form["nested"][0] == "beside":
                beside[name] = inner
                types[name] = spelled(day, form, "dict")
            else:
                types[name] = inner
        else:
            types[name] = {"type": spelled(day, form, kind)} if leaf == "spec" else spelled(day, form, kind)
    extra = {form["nested"][1]: beside} if beside else {}
    return {**top, types_key: types, required_key: names, **extra}


@helper
def write_dotted(day, form, schema, prefix):
    """Returns all fields of all levels under their whole paths, with dots."""
    found = {}
    for name, kind, required in fields_of(schema):
        inner = {**form, "structure": ("spec", "type", "required"), "nested": ("bare",)}
        if isinstance(kind, dict):
            if form["nested"][0] == "flat and section":
                kind_of = spelled(day, form, "dict")
                found[prefix + name] = (
                    kind_of if form["structure"][1] == "bare" else {"type": kind_of, "required": True}
                )
            found |= write_dotted(day, form, kind, f"{prefix}{name}.")
        elif form["structure"][1] == "bare":
            found[prefix + name] = spelled(day, form, kind)
        else:
            found[prefix + name] = write_spec(day, inner, kind, required)
    return found


@helper
def says_what_is_required(day, form):
    """Whether the learner has written what makes a field optional in this form: a parameter of the class for fields, or a function."""
    import inspect

    if form["structure"][0] == "function":
        return optional_of(day) is not None
    if form["structure"][0] != "object":
        return False
    words = [each.lower().strip("_") for each in inspect.signature(class_for_fields(day)).parameters]
    return any(word in words for known in words_for_required().values() for word in known)


@helper
def words_for_required():
    """Returns what a parameter of a class for fields may be called that says whether the field may be left out."""
    return {"required": ("required", "mandatory", "is_required"), "optional": ("optional", "is_optional")}


@helper
def class_for_fields(day):
    """Returns the learner's class for fields."""
    things = own_things(day)
    names = [each for each in accepted_names(day, "Field") if each in things]
    if not names:
        raise LookupError("no class for fields")
    return things[names[0]]


@helper
def optional_of(day):
    """Returns the learner's function that makes a field optional, or None."""
    import inspect

    things = own_things(day)
    return next((things[name] for name in ("optional", "maybe", "opt") if inspect.isfunction(things.get(name))), None)


@helper
def write_object(day, form, name, kind, required):
    """Returns a field as an object of the learner's class for fields, made by the names of its parameters."""
    import inspect

    cls = class_for_fields(day)
    level = write_inner(day, form, kind) if isinstance(kind, dict) else None
    if level is not None and form["nested"][0] == "bare":
        return level
    typed = spelled(day, form, kind if level is None else "dict")
    given, used = {}, False
    for parameter in inspect.signature(cls).parameters.values():
        word = parameter.name.lower().strip("_")
        if word in ("type", "kind", "types", "expected_type", "field_type", "dtype", "expected", "datatype", "typ"):
            given[parameter.name] = level if level is not None and form["nested"][0] == "type" else typed
            used = used or form["nested"][0] == "type"
        elif word in words_for_required()["required"]:
            given[parameter.name] = required
        elif word in words_for_required()["optional"]:
            given[parameter.name] = not required
        elif word in ("name", "key", "field", "field_name", "path"):
            given[parameter.name] = name
        elif level is not None and not used and word in (
            "schema", "nested", "fields", "children", "properties", "sub_schema", "subschema", "nested_schema",
            "nested_fields", "spec", "sub_fields", "subfields",
        ):
            given[parameter.name], used = level, True
        elif parameter.default is parameter.empty:
            given[parameter.name] = None
    if level is not None and not used:
        raise LookupError("fields of this class have no sections")
    return cls(**given)


@helper
def write_function(day, form, items):
    """Returns a level as a function of the learner's makes it of its fields."""
    import inspect

    things = {name: each for name, each in own_things(day).items() if inspect.isfunction(each)}
    makers = ("record", "mapping", "section", "struct", "shape", "object_of", "obj", "fields", "dictionary", "nested")
    optional = optional_of(day)
    maker = next((things[name] for name in makers if name in things), None)
    if maker is None:
        raise LookupError("no function for sections")
    found = {
        name: kind if required or optional is None else optional(kind) for name, (kind, required) in items.items()
    }
    return maker(**found) if form["structure"][1] == "names" else maker(found)


@helper
def write_class(day, form, fields):
    """Returns a level as a dataclass or a TypedDict."""
    import dataclasses
    import typing

    kinds = {
        name: write_level(day, form, kind) if isinstance(kind, dict) else spelled(day, form, kind)
        for name, kind, _ in fields
    }
    if any(not isinstance(kind, type) for kind in kinds.values()):
        raise LookupError("a class is annotated with types")
    if form["structure"][0] == "dataclass":
        return dataclasses.make_dataclass("Section", list(kinds.items()))
    return typing.TypedDict("Section", kinds)
