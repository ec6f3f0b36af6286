"""What the probes of this day share."""
# ruff: noqa: F821 - `raw` and `clock` are given to probes

from grade_kit.suite import helper

# The requirement that speaks of each decorator as such.
REQUIREMENTS = {
    "timer": "timer",
    "retry": "retry",
    "memoize": "memoize",
    "validate_types": "validate-types",
    "rate_limit": "rate-limit",
}

# Real seconds for a probe in which something waits: nothing does, unless it waits by something other than `time.sleep`.
WAITING = 40.0


@helper
def applied(day, name, function, **options):
    """Returns the function under the decorator: `@timer`, but `@retry(…)` and `@rate_limit(…)`."""
    decorator = raw(getattr(day.decorators, name))
    if name in ("retry", "rate_limit"):
        decorator = decorator(**options)
    return decorator(function)


@helper
def attempt(function, *args, **kwargs):
    """Calls the function; returns what it returned, or "refused" where it raised an exception of whichever kind."""
    try:
        return function(*args, **kwargs)
    except Exception:  # noqa: BLE001 - the plan does not say which
        return "refused"


@helper
def result_of(name, returned):
    """Returns the result (always a list here) where a timer gives it back in a pair, with the time that it took."""
    if name == "timer" and isinstance(returned, tuple) and len(returned) == 2:
        return next((part for part in returned if isinstance(part, list)), returned)
    return returned
