"""The virtual clock: `time.sleep` returns at once, and every clock says that the time has passed.

It is the real clock plus an offset that grows with each sleep, so that what cannot be made virtual (a lock's time-out, a
busy computation) still takes the time that it takes. A program that waits by reading the clock again and again is helped
along: after `PATIENCE` readings in a row each reading moves the clock. It is installed before the learner's import, so
`from time import sleep` and `datetime.now` are covered. A thread that the import has started is a bystander: it sleeps for
real, or it would run the clock away from under the probe.
"""

from __future__ import annotations

import datetime as _datetime
import threading
import time
from collections.abc import Callable
from typing import Any

# How many readings without a sleep between them are taken for ordinary use; beyond it somebody waits.
PATIENCE = 2_000
# How far each further reading moves the clock, in seconds.
NUDGE = 0.001


class Clock:
    """What a probe sees of the virtual clock as `clock`."""

    def __init__(self) -> None:
        self.offset = 0.0
        self.sleeps: list[float] = []
        self._readings = 0
        self._real_monotonic = time.monotonic
        self._real_sleep = time.sleep
        self._probing = False
        self._bystanders: frozenset[threading.Thread] = frozenset()
        # `offset += …` is a reading and a writing: a thread that is interrupted between the two would turn the clock back.
        self._moving = threading.Lock()

    def begin(self) -> None:
        """Forgets the sleeps so far; whatever other thread runs by now is a bystander."""
        with self._moving:
            self.sleeps.clear()
            self._probing = True
            self._bystanders = frozenset(threading.enumerate()) - {threading.current_thread()}

    def now(self) -> float:
        """Returns the virtual time in seconds, from an arbitrary start."""
        return self._real_monotonic() + self.offset

    def advance(self, seconds: float) -> None:
        """Lets time pass."""
        with self._moving:
            self.offset += seconds

    def has_company(self) -> bool:
        """Returns whether a thread runs that the probe has started; one that waits for a lock or as a timer does so in real time."""
        return any(thread is not threading.current_thread() and thread not in self._bystanders for thread in threading.enumerate())

    def sleep(self, seconds: float, /) -> None:
        """Stands in for `time.sleep`."""
        if hasattr(seconds, "__index__"):
            seconds = seconds.__index__()
        if not isinstance(seconds, int | float):
            raise TypeError(f"'{type(seconds).__name__}' object cannot be interpreted as an integer")
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        with self._moving:
            if not self._is_bystander():
                self._readings = 0
                self.sleeps.append(float(seconds))
                self.offset += float(seconds)
                return
        self._real_sleep(seconds)

    def _is_bystander(self) -> bool:
        if not self._probing:
            return threading.current_thread() is not threading.main_thread()
        return bool(self._bystanders) and threading.current_thread() in self._bystanders

    def _reading(self) -> float:
        if self._is_bystander():
            return self.offset
        self._readings += 1
        if self._readings > PATIENCE:
            self.advance(NUDGE)
        return self.offset

    def seconds(self, real: Callable[[], float]) -> Callable[[], float]:
        """Returns `real` moved by the offset."""
        return lambda: real() + self._reading()

    def nanoseconds(self, real: Callable[[], int]) -> Callable[[], int]:
        """Returns `real`, which counts nanoseconds, moved by the offset."""
        return lambda: real() + int(self._reading() * 1e9)


def install() -> Clock:
    """Puts a virtual clock in the place of the real one, in this process and its forks."""
    clock = Clock()
    for name in ("time", "monotonic", "perf_counter"):
        setattr(time, name, clock.seconds(getattr(time, name)))
        setattr(time, f"{name}_ns", clock.nanoseconds(getattr(time, f"{name}_ns")))
    time.sleep = clock.sleep  # type: ignore[assignment]
    _install_datetime(clock)
    _install_selector(clock)
    return clock


def _install_datetime(clock: Clock) -> None:
    real_datetime: Any = _datetime.datetime
    real_date: Any = _datetime.date

    class _Meta(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, real_datetime)

        def __subclasscheck__(cls, subclass: type) -> bool:
            return issubclass(subclass, real_datetime)

    class datetime(real_datetime, metaclass=_Meta):  # type: ignore[misc]
        @classmethod
        def now(cls, tz: _datetime.tzinfo | None = None) -> Any:
            return cls.fromtimestamp(time.time(), tz)

        @classmethod
        def utcnow(cls) -> Any:
            return cls.fromtimestamp(time.time(), _datetime.UTC).replace(tzinfo=None)

        @classmethod
        def today(cls) -> Any:
            return cls.fromtimestamp(time.time())

    class _DateMeta(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, real_date)

        def __subclasscheck__(cls, subclass: type) -> bool:
            return issubclass(subclass, real_date)

    class date(real_date, metaclass=_DateMeta):  # type: ignore[misc]
        @classmethod
        def today(cls) -> Any:
            return cls.fromtimestamp(time.time())

    for patched in (datetime, date):
        patched.__module__ = "datetime"
        patched.__qualname__ = patched.__name__
        setattr(_datetime, patched.__name__, patched)


def _install_selector(clock: Clock) -> None:
    """Lets an idle event loop jump to its next timer instead of waiting for it.

    The selector is what the loop waits in. Time moves when a timer is all that it waits for: no thread that could
    wake it, and nothing registered but the loop's own pipe.
    """
    import selectors

    real_class: Any = selectors.DefaultSelector

    class JumpingSelector(real_class):  # type: ignore[misc]
        def select(self, timeout: float | None = None) -> Any:
            alone = threading.active_count() == 1 and len(self.get_map()) <= 1
            if timeout is None or timeout <= 0 or not alone:
                return super().select(timeout)
            ready = super().select(0)
            if not ready:
                clock.sleep(timeout)
            return ready

    selectors.DefaultSelector = JumpingSelector  # type: ignore[misc]
