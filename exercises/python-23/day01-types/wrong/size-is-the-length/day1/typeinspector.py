from pprint import pprint
from typing import Any


def facts(val: Any) -> dict[str, Any]:
    return {
        "type": type(val).__name__,
        "id": id(val),
        "size": len(val) if hasattr(val, "__len__") else 1,
        "mutable": type(val).__hash__ is None,
        "methods": dir(val),
    }


def inspect_value(val: Any) -> None:
    pprint(facts(val), sort_dicts=False, compact=True)
