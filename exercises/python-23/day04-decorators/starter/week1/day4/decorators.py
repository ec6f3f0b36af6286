"""Day 4: a library of decorators."""

import functools
from collections.abc import Callable
from typing import Any


def timer(function: Callable[..., Any]) -> Callable[..., Any]:
    """Measures how long each call of the function takes. `functools.wraps` keeps the function's name."""


def retry(max_attempts: int = 3, delay: float = 1) -> Callable[..., Any]:
    """Calls the function again when it raises an exception, `max_attempts` times in all, `delay` seconds apart."""
    raise NotImplementedError


def memoize(function: Callable[..., Any]) -> Callable[..., Any]:
    """Keeps the results of the function, so that the same call is not computed twice."""
    raise NotImplementedError


def validate_types(function: Callable[..., Any]) -> Callable[..., Any]:
    """Checks the arguments of each call against the type hints of the function."""
    raise NotImplementedError


def rate_limit(calls: int = 5, period: float = 1) -> Callable[..., Any]:
    """Lets no more than `calls` calls of the function through in `period` seconds."""
    raise NotImplementedError
