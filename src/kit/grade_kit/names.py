"""Finds what a probe asks for under the names that the day accepts, in the candidate.

Where the plan is silent about a name, day.toml lists others: `"LRUCache.put" = ["set", "__setitem__"]`, or `"*.deposit"` for
any class. A probe then writes `cache.put(key, value)` and reaches whatever the learner called it: the day's modules, classes
and instances come to the probe as views that look names up. A name that is found nowhere raises `Missing`, which says what was
looked for; that is never the same as a wrong answer. The learner's own objects are not changed.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

from .reached import Reached


class Missing(Exception):
    """Nothing of the learner's has any of the names that the day accepts."""

    def __init__(self, owner: str, name: str, tried: Sequence[str]) -> None:
        super().__init__(f"`{owner}` has nothing called {_either(tried)}")
        self.owner = owner
        self.name = name
        self.tried = list(tried)


def _either(names: Sequence[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


class Names:
    """The names that a day accepts, and which modules are the learner's."""

    def __init__(self, accepted: Mapping[str, Sequence[str]], reached: Reached) -> None:
        self.accepted = accepted
        self.reached = reached
        self.modules: set[str] = set()

    def candidates(self, owners: Sequence[str], name: str) -> list[str]:
        """Returns the names under which `name` may be found on something that goes by any of `owners`."""
        found = [name]
        for owner in (*owners, "*"):
            found += self.accepted.get(f"{owner}.{name}" if owner else name, [])
        return list(dict.fromkeys(found))

    def canonical(self, name: str) -> list[str]:
        """Returns the names by which the pack knows what the learner called `name`."""
        return [name, *(key for key, others in self.accepted.items() if "." not in key and name in others)]

    def owners(self, cls: type) -> list[str]:
        """Returns the names by which the pack may know this class, nearest base first."""
        mro = type.__dict__["__mro__"].__get__(cls)
        return [name for base in mro if base is not object for name in self.canonical(base.__name__)]

    def find(self, target: object, owners: Sequence[str], name: str) -> Any:
        """Returns the attribute of `target` that goes by `name`. Raises `Missing`."""
        tried = self.candidates(owners, name)
        for candidate in tried:
            try:
                found = getattr(target, candidate)
            except AttributeError:
                if _is_there(target, candidate):
                    raise
                continue
            self.reached.note(target, candidate, found)
            return found
        raise Missing(next((owner for owner in owners if owner), getattr(target, "__name__", "?")), name, tried)

    def view(self, value: object) -> Any:
        """Returns `value` as a probe should see it: a view of the learner's classes and instances, else itself."""
        if isinstance(value, View):
            return value
        if isinstance(value, type):
            return ClassView(self, value) if value.__module__ in self.modules else value
        if type(value).__module__ in self.modules and not isinstance(value, BaseException):
            return InstanceView(self, value)
        return value


def _is_there(target: object, name: str) -> bool:
    """Whether an attribute exists although reading it raised AttributeError: a property that is itself at fault."""
    cls = target if isinstance(target, type) else type(target)
    return any(name in vars(base) for base in cls.__mro__)


def raw(value: object) -> Any:
    """Returns the learner's own object behind a view, or `value` itself."""
    return object.__getattribute__(value, "_target") if isinstance(value, View) else value


def value(target: object, name: str) -> Any:
    """Returns what `name` says of `target`, whether it is an attribute, a property or a method without arguments."""
    found = getattr(target, name)
    # A view can always be called; whether what is behind it can is another matter.
    return found() if callable(raw(found)) else found


class View:
    """Looks names up on the object behind it. `raw` gives that object."""

    __slots__ = ("_names", "_target")

    def __init__(self, names: Names, target: Any) -> None:
        object.__setattr__(self, "_names", names)
        object.__setattr__(self, "_target", target)

    def _owners(self) -> list[str]:
        raise NotImplementedError

    def __getattr__(self, name: str) -> Any:
        names: Names = object.__getattribute__(self, "_names")
        found = names.find(raw(self), self._owners(), name)
        if callable(found) and not isinstance(found, type):
            return _unwrapping(names, found)
        return names.view(found)

    def __setattr__(self, name: str, new: object) -> None:
        names: Names = object.__getattribute__(self, "_names")
        present = [each for each in names.candidates(self._owners(), name) if hasattr(raw(self), each)]
        setattr(raw(self), present[0] if present else name, raw(new))

    def __call__(self, *args: object, **kwargs: object) -> Any:
        return _unwrapping(object.__getattribute__(self, "_names"), raw(self))(*args, **kwargs)


def _unwrapping(names: Names, function: Callable[..., Any]) -> Callable[..., Any]:
    """Returns `function` taking views as well as what is behind them, and returning views."""

    def call(*args: object, **kwargs: object) -> Any:
        return names.view(function(*map(raw, args), **{key: raw(item) for key, item in kwargs.items()}))

    # Where the plan is silent about parameters, a probe asks `inspect.signature` what the learner's function takes.
    call.__wrapped__ = function  # type: ignore[attr-defined]
    return call


class ModuleView(View):
    """A module of the day."""

    __slots__ = ()

    def _owners(self) -> list[str]:
        return [""]

    def __getattr__(self, name: str) -> Any:
        names: Names = object.__getattribute__(self, "_names")
        module: ModuleType = raw(self)
        tried = names.candidates([""], name)
        for candidate in tried:
            if candidate in vars(module):
                found = vars(module)[candidate]
                names.reached.note(module, candidate, found)
                return names.view(found)
        raise Missing(f"{module.__name__}.py", name, tried)


class ClassView(View):
    """A class of the learner's."""

    __slots__ = ()

    def _owners(self) -> list[str]:
        names: Names = object.__getattribute__(self, "_names")
        return names.owners(raw(self))


class InstanceView(View):
    """An instance of a class of the learner's. Operators and built-in functions reach the instance."""

    __slots__ = ()

    def _owners(self) -> list[str]:
        names: Names = object.__getattribute__(self, "_names")
        return names.owners(type(raw(self)))

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return type(raw(self))


def _forward(name: str, function: Callable[..., Any]) -> None:
    def method(self: InstanceView, *args: object) -> Any:
        names: Names = object.__getattribute__(self, "_names")
        return names.view(function(raw(self), *map(raw, args)))

    method.__name__ = name
    setattr(InstanceView, name, method)


for _name, _function in {
    "__len__": len,
    "__iter__": iter,
    "__next__": next,
    "__reversed__": reversed,
    "__contains__": operator.contains,
    "__getitem__": operator.getitem,
    "__setitem__": operator.setitem,
    "__delitem__": operator.delitem,
    "__bool__": bool,
    "__str__": str,
    "__repr__": repr,
    "__hash__": hash,
    "__eq__": operator.eq,
    "__ne__": operator.ne,
    "__lt__": operator.lt,
    "__le__": operator.le,
    "__gt__": operator.gt,
    "__ge__": operator.ge,
    "__add__": operator.add,
    "__sub__": operator.sub,
    "__int__": int,
    "__float__": float,
}.items():
    _forward(_name, _function)  # type: ignore[arg-type]
