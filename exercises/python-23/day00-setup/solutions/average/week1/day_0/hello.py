# my first program
import sys

def say_hello(name="World"):
    return "Hello, " + name + "!"


def add(a, b):
    return a + b


print(say_hello())
print("Python version:", sys.version)
print("1 + 2 =", add(1, 2))
