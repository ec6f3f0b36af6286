"""A first program: says hello, and which Python says it."""

import platform


def greeting(name: str) -> str:
    """Returns a line that greets `name`."""
    return f"Hello, {name}! This is Python {platform.python_version()}."


def main() -> None:
    """Greets the world."""
    print(greeting("world"))


if __name__ == "__main__":
    main()
