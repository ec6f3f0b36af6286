"""`Plugin`: a protocol or an abstract class in `plugins/`, which asks for a name, a version and `execute`."""

from grade_kit.names import raw
from grade_kit.suite import helper, probe, requirement
from probes_find import find, plain_value
from probes_made import declared, make_class
from probes_use import new_plugin


@helper
def in_code_of(cls, name):
    """Whether the constructor of a class sets an attribute of this name."""
    functions = [vars(base).get("__init__") for base in cls.__mro__]
    return any(name in each.__code__.co_names for each in functions if hasattr(each, "__code__"))


@probe(shared=True)
def sort_of_class(day):
    """look at the class `Plugin`"""
    import abc
    import inspect

    cls = find(day, "Plugin")
    if getattr(cls, "_is_protocol", False):
        return "a protocol"
    if inspect.isabstract(cls):
        return "an abstract class"
    return (
        "derived from ABC, but nothing in it is abstract"
        if isinstance(cls, abc.ABCMeta)
        else "a class like any other"
    )


@probe(shared=True)
def members_of_plugin(day):
    """look at the class `Plugin`: which of `name`, `version` and `execute` it declares"""
    cls = find(day, "Plugin")
    has = declared(day, [])
    return [name for name in ("name", "version", "execute") if name in has or in_code_of(cls, name)]


@probe(shared=True)
def without_execute(day, label):
    """derive a plugin from `Plugin` that has all but `execute`, and make one"""
    import inspect

    base = find(day, "Plugin")
    if getattr(base, "_is_protocol", False):
        return (
            "refused"
            if callable(getattr(base, "execute", None))
            else "`execute` is not a method of the protocol"
        )
    cls = make_class(day, label, "a token")
    lacking = [name for name in getattr(base, "__abstractmethods__", ()) if name == "execute"]
    called = []
    others = {
        name
        for name in getattr(base, "__abstractmethods__", ())
        if name != "execute" and inspect.isfunction(vars(cls).get(name))
    }
    body = {
        name: item
        for name, item in vars(cls).items()
        if name not in ("execute", "__dict__", "__weakref__", "__abstractmethods__", "_abc_impl")
    }
    body |= {name: lambda self, *args, **kwargs: called.append(1) for name in others}
    if lacking:
        try:
            type(base)(cls.__name__, (base,), body)()
        except TypeError:
            return "refused"
        return "made"
    made = type(base)(cls.__name__, (base,), body)()
    try:
        made.execute()
    except NotImplementedError:
        return "refused"
    except Exception:
        # Perhaps it wants an input. What counts is whether it leaves the work to what a plugin has to fill in.
        pass
    return "refused" if called else "made"


@probe(shared=True)
def shape(day, kind):
    """make a {kind} and look at its `name`, its `version` and `execute`"""
    made = new_plugin(day, kind)
    base = find(day, "Plugin")
    if getattr(base, "_is_protocol", False):
        lacking = [name for name in declared(day, []) if not hasattr(made, name)]
        fits = not lacking
    else:
        fits = isinstance(made, base)
    return {
        "fits Plugin": fits,
        "name": str(plain_value(made, "name") or ""),
        "version": str(plain_value(made, "version") or ""),
        "execute is a method": callable(raw(made.execute)),
    }


@requirement("interface")
def test_the_folder_is_there(source):
    """`plugins/` is a folder with Python files in it"""
    assert any(path.startswith("plugins/") for path in source.files()), (
        "there is no Python file in a folder `plugins`"
    )


@requirement("interface")
def test_plugin_is_a_protocol_or_an_abstract_class(candidate):
    """`Plugin` is a protocol or an abstract class"""
    found = candidate.run(sort_of_class)
    expected = found if found == "a protocol" else "an abstract class"
    assert found == expected


@requirement("interface")
def test_plugin_declares_its_members(candidate):
    """`Plugin` declares `name`, `version` and `execute`"""
    assert candidate.run(members_of_plugin) == ["name", "version", "execute"]


@requirement("interface")
def test_a_plugin_without_execute_is_refused(candidate, rng):
    """a class that is derived from `Plugin` and lacks `execute` is refused"""
    assert candidate.run(without_execute, rng.choice(["silent", "idle", "lazy"])) == "refused"


def judge(candidate, kind):
    """Asserts that one of the three plugins has all that a plugin has to have."""
    seen = candidate.run(shape, kind)
    wanted = {"name": "a name", "version": "a version"}
    found = {
        name: wanted.get(name, item) if item and str(item).strip() else item for name, item in seen.items()
    }
    assert found == {"fits Plugin": True, **wanted, "execute is a method": True}


@requirement("text-processor")
def test_the_text_processor_is_a_plugin(candidate):
    """`TextProcessorPlugin` has what `Plugin` asks for"""
    judge(candidate, "TextProcessorPlugin")


@requirement("data-validator")
def test_the_data_validator_is_a_plugin(candidate):
    """`DataValidatorPlugin` has what `Plugin` asks for"""
    judge(candidate, "DataValidatorPlugin")


@requirement("notification")
def test_the_notification_is_a_plugin(candidate):
    """`NotificationPlugin` has what `Plugin` asks for"""
    judge(candidate, "NotificationPlugin")
