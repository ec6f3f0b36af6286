"""Modules of Python's own library, imported once before forks that would each import them."""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import sys
from collections.abc import Iterable, Iterator

# Where they lie.
_FOLDER = os.path.dirname(os.__file__) + os.sep

# What learners import and what takes long: to import it changes nothing, and none of it takes a function of the clock or a date's class for good,
# so a virtual clock may come later.
_COSTLY = (
    "asyncio",
    "concurrent.futures",
    "configparser",
    "fractions",
    "http.client",
    "pickle",
    "statistics",
    "unittest.mock",
    "urllib.request",
    "xml.etree.ElementTree",
)
_IMPORT = re.compile(rb"^[ \t]*(?:from|import)[ \t](.*)", re.MULTILINE)


def costly_in(texts: Iterable[bytes]) -> Iterator[str]:
    """Yields modules that take long to import and that these files seem to import."""
    lines = [set(re.findall(rb"\w+", line)) for text in texts for line in _IMPORT.findall(text)]
    for name in _COSTLY:
        words = set(name.encode().split(b"."))
        if any(words <= line for line in lines):
            yield name


def names_below(root: str) -> Iterator[str]:
    """Yields what modules and packages could be called by the names of files and folders below one."""
    for _, folders, files in os.walk(root):
        yield from (name.partition(".")[0] for name in (*folders, *files))


def is_hidden_by(names: Iterable[str]) -> bool:
    """Whether one of these names of files and folders is that of a module of the library that is still to be imported."""
    # Its own tests the library never imports, and many learners have a folder of that name.
    return not (sys.stdlib_module_names - sys.modules.keys() - {"test"}).isdisjoint(names)


def preload(names: Iterable[str]) -> None:
    """Imports those of these modules that are the library's, and not a file of somebody else's that has such a name."""
    for name in filter(_is_of_the_library, names):
        importlib.import_module(name)


def _is_of_the_library(name: str) -> bool:
    package = name.rpartition(".")[0]
    if not (_is_of_the_library(package) if package else name in sys.stdlib_module_names):
        return False
    found = importlib.util.find_spec(name)
    return found is not None and (found.origin or "").startswith((_FOLDER, "built-in", "frozen"))
