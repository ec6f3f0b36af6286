"""A first program: says hello, and which Python says it."""

import platform


def greeting(name: str) -> str:
    """Returns a line that greets `name`."""
    return f"Hello, {name}! This is Python {platform.python_version()}."


def main() -> None:
    """Greets whoever comes."""
    while True:
        print(greeting(input("What is your name? ")))


if __name__ == "__main__":
    main()
