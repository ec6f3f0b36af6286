# The base class for all my plugins.
from abc import ABC, abstractmethod


class Plugin(ABC):
    """A plugin has a name, a version and an execute() method.

    "requires" is a list with the names of the other plugins it needs.
    """

    name = ""
    version = ""
    requires: list[str] = []  # noqa: RUF012  (nobody changes it)

    @abstractmethod
    def execute(self, *args, **kwargs):
        """Runs the plugin. Every plugin must write its own."""
        raise NotImplementedError
