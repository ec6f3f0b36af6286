def greet(name):
    return f"Hello, {name}!"


def shout(text):
    return text.capitalize()
