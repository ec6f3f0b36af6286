def greet(name):
    return "Hello, world!"


def shout(text):
    return text.upper()
