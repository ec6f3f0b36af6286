import time
from types import TracebackType


class Stopwatch:
    def __enter__(self) -> "Stopwatch":
        self.__start = time.perf_counter_ns()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.nanoseconds = time.perf_counter_ns() - self.__start
