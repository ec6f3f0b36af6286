"""
typeinspector
=============
Look at a value the way Python does: type, id, memory, mutability, methods.

Inspired by df.info() :-)
"""

import sys
from typing import Any, TypedDict


class Info(TypedDict):
    type: str
    id: int
    size: int
    deep_size: int
    mutable: bool
    methods: list[str]
    dunders: list[str]


_ATOMS = (int, float, complex, bool, str, bytes, range, type(None))


def is_mutable(val: Any) -> bool:
    """True if `val` can be modified in place."""
    return not isinstance(val, _ATOMS + (tuple, frozenset))


def deep_size(val: Any, seen: set[int] | None = None) -> int:
    """sys.getsizeof() does not follow references, this does (for containers)."""
    seen = set() if seen is None else seen
    if id(val) in seen:
        return 0
    seen.add(id(val))
    total = sys.getsizeof(val)
    if isinstance(val, dict):
        total += sum(deep_size(k, seen) + deep_size(v, seen) for k, v in val.items())
    elif isinstance(val, (list, tuple, set, frozenset)):
        total += sum(deep_size(x, seen) for x in val)
    return total


def get_info(val: Any) -> Info:
    callables = [m for m in dir(val) if callable(getattr(val, m, None))]
    return {
        "type": type(val).__name__,
        "id": id(val),
        "size": sys.getsizeof(val),
        "deep_size": deep_size(val),
        "mutable": is_mutable(val),
        "methods": [m for m in callables if not m.startswith("__")],
        "dunders": [m for m in callables if m.startswith("__")],
    }


def _wrap(words: list[str], width: int = 76) -> str:
    lines, current = [], ""
    for word in words:
        if current and len(current) + len(word) + 2 > width:
            lines.append(current + ",")
            current = word
        else:
            current = f"{current}, {word}" if current else word
    lines.append(current)
    return "\n    ".join(lines)


def inspect_value(val: Any) -> Info:
    """Print a summary and return it as a dict (handy in notebooks)."""
    info = get_info(val)
    print(f"<class '{info['type']}'> at {info['id']:#x}")
    print(f"  id          {info['id']:>20}")
    print(f"  memory      {info['size']:>14} bytes")
    print(f"  deep memory {info['deep_size']:>14} bytes")
    print(f"  mutable     {info['mutable']!s:>20}")
    print(f"  methods ({len(info['methods'])}):")
    print("    " + _wrap(info["methods"]))
    print(f"  dunder methods ({len(info['dunders'])}):")
    print("    " + _wrap(info["dunders"]))
    return info


def compare(*values: Any) -> None:
    """Print one table row per value."""
    print(f"{'value':<20}{'type':<12}{'bytes':>8}{'deep':>8}  mutable")
    for v in values:
        info = get_info(v)
        text = repr(v)
        text = text if len(text) < 20 else text[:16] + "..."
        print(
            f"{text:<20}{info['type']:<12}{info['size']:>8}{info['deep_size']:>8}  {info['mutable']}"
        )


if __name__ == "__main__":
    samples: list[Any] = [42, "hello", [1, 2, 3], (1, 2), {1, 2}, {"a": [1, 2]}]
    for s in samples:
        inspect_value(s)
        print()
    compare(*samples)
