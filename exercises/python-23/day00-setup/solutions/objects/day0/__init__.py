"""Day 0: setup."""
