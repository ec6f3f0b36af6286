from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Mutability(StrEnum):
    MUTABLE = "mutable"
    IMMUTABLE = "immutable"
    SHALLOW = "immutable (but holds mutable items)"


_SCALARS: tuple[type, ...] = (int, float, complex, str, bytes, range, type(None), type(...))


def mutability(value: object) -> Mutability:
    """Classify *value*.

    Only the built-in immutable types (and their subclasses) count as
    immutable. A tuple with something mutable inside is still immutable, but
    worth a remark.
    """
    if isinstance(value, _SCALARS):
        return Mutability.IMMUTABLE
    if isinstance(value, tuple | frozenset):
        if all(mutability(item) is Mutability.IMMUTABLE for item in value):
            return Mutability.IMMUTABLE
        return Mutability.SHALLOW
    return Mutability.MUTABLE


@dataclass(frozen=True, slots=True)
class Method:
    name: str
    signature: str

    @property
    def dunder(self) -> bool:
        return self.name.startswith("__") and self.name.endswith("__")

    def __str__(self) -> str:
        return f"{self.name}{self.signature}"


def methods(value: object) -> Iterator[Method]:
    for name in dir(value):
        # getattr_static would miss what a metaclass provides, so plain getattr
        attribute = getattr(value, name, None)
        if not callable(attribute):
            continue
        try:
            signature = str(inspect.signature(attribute))
        except (TypeError, ValueError):  # many C functions have none
            signature = "(...)"
        yield Method(name, signature)


@dataclass(frozen=True, slots=True)
class Inspection(Generic[T]):
    value: T
    type: type[T]
    id: int
    size: int
    mutability: Mutability
    methods: tuple[Method, ...]

    @classmethod
    def of(cls, value: T) -> Inspection[T]:
        return cls(
            value=value,
            type=type(value),
            id=id(value),
            size=sys.getsizeof(value),
            mutability=mutability(value),
            methods=tuple(methods(value)),
        )
