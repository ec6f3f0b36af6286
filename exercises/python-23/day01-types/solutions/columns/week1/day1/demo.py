"""Shows the inspector at work: `python demo.py`."""

from typeinspector import inspect_value

if __name__ == "__main__":
    for value in [2024, "text", [1, 2], (1, 2), {1, 2}, {"one": 1, "two": 2}]:
        inspect_value(value)
