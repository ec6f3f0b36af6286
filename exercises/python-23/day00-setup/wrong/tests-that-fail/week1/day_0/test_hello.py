import hello


def test_add():
    assert hello.add(2, 3) == 5


def test_say_hello():
    assert hello.say_hello() == "Hello, World"
