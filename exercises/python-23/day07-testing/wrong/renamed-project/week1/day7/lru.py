from itertools import count
from threading import RLock

_MISS = object()


class LRUCache:
    """Every use of a key is numbered; the key with the smallest number goes."""

    __slots__ = ("_clock", "_limit", "_lock", "_used", "_values")

    def __init__(self, *, limit: int = 128) -> None:
        self._limit = limit
        self._clock = count()
        self._values: dict[object, object] = {}
        self._used: dict[object, int] = {}
        self._lock = RLock()

    def set(self, key: object, value: object) -> None:
        with self._lock:
            self._values[key] = value
            self._used[key] = next(self._clock)
            if len(self._values) > self._limit:
                oldest = min(self._used, key=self._used.__getitem__)
                del self._values[oldest], self._used[oldest]

    def get(self, key: object, default: object = _MISS) -> object:
        with self._lock:
            if key in self._values:
                self._used[key] = next(self._clock)
                return self._values[key]
        if default is _MISS:
            raise KeyError(key)
        return default

    def __len__(self) -> int:
        return len(self._values)
