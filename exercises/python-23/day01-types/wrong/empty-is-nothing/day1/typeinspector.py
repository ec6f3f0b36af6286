from pprint import pprint
from sys import getsizeof
from typing import Any


def facts(val: Any) -> dict[str, Any]:
    return {
        "type": type(val).__name__,
        "id": id(val),
        "size": getsizeof(val),
        "mutable": type(val).__hash__ is None,
        "methods": dir(val),
    }


def inspect_value(val: Any) -> None:
    if not val:
        print("nothing to inspect")
        return
    pprint(facts(val), sort_dicts=False, compact=True)
