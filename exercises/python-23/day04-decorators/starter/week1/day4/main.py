"""Shows all the decorators in action: `python main.py`."""


def main() -> None:
    """Decorates a few functions, calls them and prints what happens."""
    raise NotImplementedError


if __name__ == "__main__":
    main()
