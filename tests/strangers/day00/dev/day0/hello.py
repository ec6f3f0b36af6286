import platform
from datetime import date


def message(today: date) -> str:
    weekday = today.strftime("%A")
    return f"It is {weekday} and I run Python {platform.python_version()}"


def main() -> None:
    print(message(date.today()))


if __name__ == "__main__":
    main()
