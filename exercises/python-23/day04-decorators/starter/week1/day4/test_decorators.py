"""Tests for the decorators: `pytest` in this folder."""

# At least one test for each: timer, retry, memoize, validate_types, rate_limit.
