"""What a plugin is, how it announces itself, and who starts it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

T = TypeVar("T", bound=type)


class Plugin(Protocol):
    """Something with a name and a version that takes named inputs."""

    name: str
    version: str

    def execute(self, **inputs: Any) -> Any: ...


@dataclass(frozen=True)
class Recipe:
    """How a plugin is made, and after which others."""

    factory: Callable[..., Any]
    settings: type | None = None
    after: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return str(getattr(self.factory, "name"))


_ANNOUNCED: dict[str, list[Recipe]] = {}


def announce(settings: type | None = None, after: Iterable[str] = ()) -> Callable[[T], T]:
    """Remembers a class under the module that it stands in."""

    def remember(cls: T) -> T:
        _ANNOUNCED.setdefault(cls.__module__, []).append(Recipe(cls, settings, tuple(after)))
        return cls

    return remember


class PluginManager:
    """Keeps recipes, and the plugins that were made of them."""

    def __init__(self) -> None:
        self._recipes: dict[str, Recipe] = {}
        self._running: dict[str, Plugin] = {}

    def register(self, recipe: Recipe) -> None:
        if recipe.name in self._recipes:
            raise ValueError(f"{recipe.name} is known already")
        self._recipes[recipe.name] = recipe

    def scan(self, package: str = f"{__package__}.parts") -> list[str]:
        """Imports the modules of a package, and registers what they have announced."""
        names: list[str] = []
        for found in pkgutil.iter_modules(importlib.import_module(package).__path__):
            module = f"{package}.{found.name}"
            importlib.import_module(module)
            for recipe in _ANNOUNCED.get(module, []):
                self.register(recipe)
                names.append(recipe.name)
        return names

    def order(self) -> list[str]:
        done: dict[str, bool] = {}

        def visit(name: str, asked_by: str) -> None:
            if done.get(name):
                return
            if name in done:
                raise ValueError(f"{asked_by} and {name} wait for each other")
            if name not in self._recipes:
                raise LookupError(f"{asked_by} waits for {name}, which is unknown")
            done[name] = False
            for other in self._recipes[name].after:
                visit(other, name)
            # Put at the end again, now that all others are in.
            del done[name]
            done[name] = True

        for name in self._recipes:
            visit(name, "the manager")
        return list(done)

    def start(self) -> None:
        for name in self.order():
            recipe = self._recipes[name]
            self._running[name] = recipe.factory(recipe.settings()) if recipe.settings else recipe.factory()

    def __getitem__(self, name: str) -> Plugin:
        return self._running[name]
