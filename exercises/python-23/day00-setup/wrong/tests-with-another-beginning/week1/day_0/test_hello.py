import hello


def check_say_hello():
    assert hello.say_hello() == "Hello, World!"
