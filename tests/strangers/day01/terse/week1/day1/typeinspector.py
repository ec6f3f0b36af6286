import sys

FROZEN = (int, float, complex, str, bytes, tuple, frozenset, range, type(None))


def mutable(val: object) -> bool:
    return not isinstance(val, FROZEN)


def methods(val: object) -> list[str]:
    return [n for n in dir(val) if callable(getattr(val, n, None))]


def inspect_value(val: object) -> None:
    print(f"{type(val)} id={id(val)} size={sys.getsizeof(val)}B", end=" ")
    print("mutable" if mutable(val) else "immutable")
    print(*methods(val))


if __name__ == "__main__":
    for v in (1, "a", [1], (1,), {1}, {1: 2}):
        inspect_value(v)
        print()
