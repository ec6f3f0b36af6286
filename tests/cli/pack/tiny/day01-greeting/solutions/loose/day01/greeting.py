def hello(name):
    return "Hello, " + name + "!"


shout = str.upper
