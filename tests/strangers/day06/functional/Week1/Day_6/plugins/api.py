"""What a plugin is, and the decorator that announces one.

    @plugin(needs=["text_processor"])
    class MyPlugin: ...

The decorator only *collects* plugin classes in ``announced``; a PluginManager
decides which of them it takes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar, runtime_checkable


@runtime_checkable
class Plugin(Protocol):
    name: str
    version: str

    def execute(self, **inputs: Any) -> Any: ...


@dataclass(frozen=True)
class PluginSpec:
    factory: Callable[..., Any]
    config_type: type | None = None
    needs: tuple[str, ...] = ()
    tags: frozenset[str] = field(default_factory=frozenset)

    @property
    def name(self) -> str:
        return self.factory.name  # type: ignore[attr-defined]


T = TypeVar("T", bound=type)
announced: dict[str, PluginSpec] = {}


def plugin(
    *, config: type | None = None, needs: Sequence[str] = (), tags: Sequence[str] = ()
) -> Callable[[T], T]:
    def decorate(cls: T) -> T:
        missing = [a for a in ("name", "version", "execute") if not hasattr(cls, a)]
        if missing:
            raise TypeError(f"{cls.__name__} is no plugin, it lacks: {', '.join(missing)}")
        spec = PluginSpec(cls, config, tuple(needs), frozenset(tags))
        announced[spec.name] = spec
        return cls

    return decorate
