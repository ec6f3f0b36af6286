from typing import Protocol, runtime_checkable


@runtime_checkable
class Plugin(Protocol):
    """Every plugin must look like this (no inheritance necessary!)"""

    name: str
    version: str

    def execute(self, context: dict) -> dict:
        """gets the context, changes it, gives it back"""
        ...
