import hello


def test_say_hello():
    result = hello.say_hello()
    print(result)
    assert True
