"""Files of the learner's, compiled once before forks that would each compile them. To compile a file runs nothing of it."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.machinery import SourceFileLoader
from types import CodeType
from typing import Any

_compile = SourceFileLoader.source_to_code


class Compiled:
    """What files are compiled to, by path and text."""

    def __init__(self, files: Iterable[tuple[str, bytes]]) -> None:
        self._known: dict[tuple[str, bytes], CodeType] = {}
        for path, text in files:
            try:
                self._known[path, text] = _compile(SourceFileLoader("", path), text, path)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                # Whoever imports it hears of that.
                continue

    def install(self) -> None:
        """Makes imports of this process take what is known. A file that has changed since is compiled as ever."""

        def source_to_code(loader: SourceFileLoader, data: Any, path: Any, **options: Any) -> Any:
            known = self._known.get((path, data)) if isinstance(data, bytes) and isinstance(path, str) else None
            return known or _compile(loader, data, path, **options)

        SourceFileLoader.source_to_code = source_to_code  # type: ignore[assignment, method-assign]
