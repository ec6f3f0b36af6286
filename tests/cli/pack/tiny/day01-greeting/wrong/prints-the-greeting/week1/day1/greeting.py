def greet(name):
    print(f"Hello, {name}!")


def shout(text):
    return text.upper()
