import pytest

from hello import greeting, main


@pytest.mark.parametrize("name", ["Ada", "Guido"])
def test_the_greeting_names_whoever_is_greeted(name: str) -> None:
    assert greeting(name).startswith(f"Hello, {name}!")


def test_the_world_is_greeted(capsys: pytest.CaptureFixture[str]) -> None:
    main()
    assert "Hello, world!" in capsys.readouterr().out
