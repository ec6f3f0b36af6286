# Day 1 - type inspection tool
# My notes:
#   * everything in Python is an object, so everything has a type, an id and a size
#   * sys.getsizeof() gives only the size of the object itself, NOT what is in it
import sys


def get_type_name(val: object) -> str:
    """Returns the name of the type as a string, for example 'int'."""
    type_of_value = type(val)
    name_of_type = type_of_value.__name__
    return name_of_type


def get_memory_size(val: object) -> int:
    """Returns how many bytes the object takes in memory."""
    size = sys.getsizeof(val)
    return size


def check_mutable(val: object) -> str:
    """Returns the word 'mutable' or the word 'immutable'."""
    # bool is a kind of int, so I don't really need it here but I like to see it
    if isinstance(val, bool):
        return "immutable"
    if isinstance(val, int):
        return "immutable"
    if isinstance(val, float):
        return "immutable"
    if isinstance(val, complex):
        return "immutable"
    if isinstance(val, str):
        return "immutable"
    if isinstance(val, bytes):
        return "immutable"
    if isinstance(val, tuple):
        # you can change a list inside the tuple, but never the tuple
        return "immutable"
    if isinstance(val, frozenset):
        return "immutable"
    if isinstance(val, range):
        return "immutable"
    if val is None:
        return "immutable"
    # list, set, dict, bytearray can all be changed,
    # and so can the objects of my own classes (I can set attributes on them)
    return "mutable"


def get_methods(val: object) -> list[str]:
    """Returns a list with the names of all methods."""
    list_of_methods = []
    for name in dir(val):
        # dir() gives also things like __doc__ which are not methods
        thing = getattr(val, name)
        if callable(thing):
            list_of_methods.append(name)
    return list_of_methods


def inspect_value(val: object) -> None:
    """Prints everything about the value."""
    print("-----------------------------------------")
    print("Inspecting the value:", val)
    print("-----------------------------------------")
    print("The type is:", get_type_name(val))
    print("The id is:", id(val))
    print("The size in memory is:", get_memory_size(val), "bytes")
    print("This value is:", check_mutable(val))

    list_of_methods = get_methods(val)
    print("It has", len(list_of_methods), "methods:")
    number = 1
    for method in list_of_methods:
        print("   ", number, ".", method)
        number = number + 1
    print()


def main() -> None:
    inspect_value(42)
    inspect_value("Hello world")
    inspect_value([1, 2, 3])
    inspect_value((1, 2, 3))
    inspect_value({1, 2, 3})
    inspect_value({"name": "Anna", "age": 25})


if __name__ == "__main__":
    main()
