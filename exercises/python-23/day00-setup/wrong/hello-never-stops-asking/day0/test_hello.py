from hello import greeting


def test_the_greeting_names_whoever_is_greeted() -> None:
    assert greeting("Ada").startswith("Hello, Ada!")
