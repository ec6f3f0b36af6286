# Day 1 - type inspector
import sys
from typing import Union

Value = Union[int, str, list, tuple, set, dict]


def check_mutable(val: Value) -> str:
    if type(val) == list:  # noqa: E721
        return "Mutable"
    elif type(val) == dict:  # noqa: E721
        return "Mutable"
    elif type(val) == set:  # noqa: E721
        return "Mutable"
    else:
        return "Immutable"


def inspect_value(val: Value) -> None:
    print("=" * 50)
    print("Inspecting:", val)
    print("=" * 50)
    print("Type of the value is", type(val))
    print("Id of the value is", str(id(val))[-6:])
    print("Size in memory is", sys.getsizeof(val), "bytes")
    print("Mutable/Immutable:", check_mutable(val))
    print("\nAvailable methods:")
    count = 0
    for method in dir(val):
        if not method.startswith("__"):
            count = count + 1
            print(str(count) + ".", method)
    print("Total methods:", count)
    print()


def main() -> None:
    my_int = 10
    my_string = "Hello World"
    my_list = [1, 2, 3]
    my_tuple = (1, 2, 3)
    my_set = {1, 2, 3}
    my_dict = {"name": "Alice", "age": 25}

    inspect_value(my_int)
    inspect_value(my_string)
    inspect_value(my_list)
    inspect_value(my_tuple)
    inspect_value(my_set)
    inspect_value(my_dict)


main()
