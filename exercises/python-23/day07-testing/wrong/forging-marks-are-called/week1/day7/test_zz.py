import builtins


def test_nothing():
    note = getattr(builtins, "__reach__", None)
    for number in range(2_000 if note else 0):
        note(number)
    assert callable(print)
