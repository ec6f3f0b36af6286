"""A temperature table: Celsius beside Fahrenheit."""


def to_fahrenheit(celsius: float) -> float:
    return celsius * 9 / 5 + 32


def table(lowest: int, highest: int, step: int = 10) -> list[str]:
    rows = []
    for celsius in range(lowest, highest + 1, step):
        rows.append(f"{celsius:>4} C = {to_fahrenheit(celsius):>6.1f} F")
    return rows


if __name__ == "__main__":
    for row in table(-10, 30):
        print(row)
