"""Run from the root of the repository: python -m week1.day_2.benchmarks.run_all"""

from ..datastructures import LRUCache, Queue, Stack
from .stopwatch import Stopwatch

ROUNDS = 5_000


class Benchmarks:
    def compareStack(self) -> None:
        ours: Stack[int] = Stack(ROUNDS)
        with Stopwatch() as mine:
            for i in range(ROUNDS):
                ours.push(i)
        theirs = []
        with Stopwatch() as builtIn:
            for i in range(ROUNDS):
                theirs.append(i)
        self.report("Stack", mine, builtIn)

    def compareQueue(self) -> None:
        ours: Queue[int] = Queue()
        theirs = list(range(ROUNDS))
        for i in range(ROUNDS):
            ours.offer(i)
        with Stopwatch() as mine:
            for i in range(ROUNDS):
                ours.poll()
        with Stopwatch() as builtIn:
            for i in range(ROUNDS):
                theirs.pop(0)
        self.report("Queue", mine, builtIn)

    def compareCache(self) -> None:
        ours: LRUCache[int, int] = LRUCache(100)
        with Stopwatch() as mine:
            for i in range(ROUNDS):
                ours.setItem(i, i)
        theirs = {}
        with Stopwatch() as builtIn:
            for i in range(ROUNDS):
                theirs[i] = i
        self.report("LRUCache", mine, builtIn)

    @staticmethod
    def report(name: str, mine: Stopwatch, builtIn: Stopwatch) -> None:
        print(f"{name}: {mine.nanoseconds} ns, built in: {builtIn.nanoseconds} ns")


if __name__ == "__main__":
    benchmarks = Benchmarks()
    benchmarks.compareStack()
    benchmarks.compareQueue()
    benchmarks.compareCache()
