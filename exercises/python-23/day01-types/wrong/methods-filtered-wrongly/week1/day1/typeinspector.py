import sys
from typing import Any

MUTABLE_KINDS = (list, dict, set)


def isMutable(val: Any) -> bool | None:
    if isinstance(val, MUTABLE_KINDS):
        return True
    if isinstance(val, (int, float, str, bytes, tuple, frozenset)) or val is None:
        return False
    return None  # who knows


def keysOf(val: Any) -> list[str]:
    # own ones only, the __dunder__ ones are not for us
    return list(filter(lambda key: not key.strip("_").startswith("i"), dir(val)))


def toText(val: Any) -> str:
    answer = {True: "mutable", False: "immutable", None: "unknown"}[isMutable(val)]
    fields = {
        "typeof": type(val).__name__,
        "id": id(val),
        "bytes": sys.getsizeof(val),
        "mutability": answer,
        "methods": "[\n    " + ",\n    ".join(keysOf(val)) + "\n  ]",
    }
    return "{\n" + "".join(f"  {key}: {field},\n" for key, field in fields.items()) + "}"


def inspectValue(val: Any) -> str:
    text = toText(val)
    print(text)
    return text
