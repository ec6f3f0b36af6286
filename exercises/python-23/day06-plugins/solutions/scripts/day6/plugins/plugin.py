from abc import ABC, abstractmethod


class Plugin(ABC):
    name: str = ""
    version: str = "0.0"
    requires: tuple[str, ...] = ()

    @abstractmethod
    def execute(self, context: dict) -> dict:
        pass

    def __repr__(self) -> str:
        return f"<{self.name} {self.version}>"
