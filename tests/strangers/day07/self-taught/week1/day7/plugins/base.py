from abc import ABC, abstractmethod


class Plugin(ABC):
    """Base class of the plugins"""

    dependencies: tuple = ()

    @property
    @abstractmethod
    def name(self):
        """unique name"""

    @property
    @abstractmethod
    def version(self):
        """version as text"""

    @abstractmethod
    def execute(self, data):
        """do the work, data is a dict, returns a dict"""
