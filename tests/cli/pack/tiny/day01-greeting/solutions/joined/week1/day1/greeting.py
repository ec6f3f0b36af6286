def greet(name):
    return "".join(["Hello, ", name, "!"])


def shout(text):
    return "".join(letter.upper() for letter in text)
