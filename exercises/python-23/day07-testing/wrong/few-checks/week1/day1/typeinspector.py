"""Shows what Python knows about a value."""

import sys

MUTABLE_TYPES = (list, set, dict, bytearray)


def is_mutable(val: object) -> bool:
    """Whether a value can be changed in place."""
    return isinstance(val, MUTABLE_TYPES)


def get_methods(val: object) -> list[str]:
    """Returns the names of everything that can be called on a value."""
    return [name for name in dir(val) if callable(getattr(val, name))]


def inspect_value(val: object) -> None:
    """Prints the type, id, size, mutability and methods of a value."""
    print(f"Value: {val!r}")
    print(f"Type: {type(val)}")
    print(f"ID: {id(val)}")
    print(f"Size: {sys.getsizeof(val)} bytes")
    print(f"Mutable: {is_mutable(val)}")
    print(f"Methods: {', '.join(get_methods(val))}")


if __name__ == "__main__":
    for sample in (42, "hello", [1, 2, 3], (1, 2, 3), {1, 2, 3}, {"a": 1}):
        inspect_value(sample)
        print("-" * 40)
