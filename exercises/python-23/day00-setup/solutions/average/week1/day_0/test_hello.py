import hello


def test_say_hello():
    assert hello.say_hello() == "Hello, World!"
    assert hello.say_hello("Bob") == "Hello, Bob!"


def test_add():
    assert hello.add(2, 3) == 5
