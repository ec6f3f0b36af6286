import platform
from datetime import date

import pytest

from day0.hello import main, message


class TestMessage:
    @pytest.mark.parametrize(
        "day, name",
        [(date(2026, 1, 5), "Monday"), (date(2026, 1, 11), "Sunday")],
    )
    def test_names_the_weekday(self, day, name):
        assert message(day).startswith(f"It is {name}")

    def test_main_prints_the_version(self, capsys):
        main()
        assert platform.python_version() in capsys.readouterr().out
