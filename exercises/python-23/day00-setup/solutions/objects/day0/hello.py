"""Says hello in several languages."""

from dataclasses import dataclass
from enum import Enum


class Language(Enum):
    """A language and its greeting."""

    ENGLISH = "Hello"
    GERMAN = "Hallo"
    SPANISH = "Hola"


@dataclass(frozen=True)
class Greeter:
    """Greets people in one language."""

    language: Language = Language.ENGLISH

    def greet(self, name: str) -> str:
        return f"{self.language.value}, {name}!"


def main() -> None:
    for language in Language:
        print(Greeter(language).greet("Python"))


if __name__ == "__main__":
    main()
