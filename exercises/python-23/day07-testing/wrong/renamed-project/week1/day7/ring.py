from typing import Any


class CircularBuffer:
    """Remembers the newest items; becomes another class when it has been filled, as in the Python Cookbook."""

    def __init__(self, size_max: int) -> None:
        self.max = size_max
        self.data: list[Any] = []
        self.cur = 0

    class _Full:
        max: int
        data: list[Any]
        cur: int

        def append(self, item: Any) -> None:
            self.data[self.cur] = item
            self.cur = (self.cur + 1) % self.max

        def get(self) -> list[Any]:
            return self.data[self.cur :] + self.data[: self.cur]

    def append(self, item: Any) -> None:
        self.data.append(item)
        if len(self.data) == self.max:
            self.cur = 0
            self.__class__ = self._Full  # type: ignore[assignment]

    def get(self) -> list[Any]:
        """The items from the oldest to the newest."""
        return self.data
