class RetryError(Exception):
    """Every attempt failed; the last failure is the cause."""


class TooManyCalls(Exception):
    """The rate limit was hit."""
