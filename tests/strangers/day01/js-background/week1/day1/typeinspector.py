import sys
from typing import Any

# typeof null === "object" ... at least Python has NoneType

mutableTypes = (list, dict, set, bytearray)
immutableTypes = (int, float, complex, bool, str, bytes, tuple, frozenset, range, type(None))


def isMutable(val: Any) -> bool | None:
    """True / False, or None when we can not know"""
    if isinstance(val, mutableTypes):
        return True
    if isinstance(val, immutableTypes):
        return False
    # functions, classes, modules and instances all have a __dict__ you can write to
    if hasattr(val, "__dict__"):
        return True
    return None


def getMethods(val: Any) -> list[str]:
    result = []
    for key in dir(val):
        if callable(getattr(val, key, None)):
            result.append(key)
    return result


def formatValue(val: Any) -> str:
    state = {True: "mutable", False: "immutable", None: "unknown"}[isMutable(val)]
    return f"""{{
  type: {type(val).__name__},
  id: {id(val)},
  size: {sys.getsizeof(val)},
  mutability: {state},
  methods: [
    {(','+chr(10)+'    ').join(getMethods(val))}
  ]
}}"""


def inspect_value(val: Any) -> str:
    text = formatValue(val)
    print(text)
    return text


if __name__ == "__main__":
    inspect_value(1)
    inspect_value("abc")
    inspect_value([1, 2])
    inspect_value((1, 2))
    inspect_value({1, 2})
    inspect_value({"a": 1})
