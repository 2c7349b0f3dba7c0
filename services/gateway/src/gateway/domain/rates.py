"""How often somebody may come: counted over a sliding window, by one process for itself, in memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

_SECONDS = {"second": 1.0, "minute": 60.0, "hour": 3600.0}


@dataclass(frozen=True, slots=True)
class Rate:
    """So many times in so many seconds, written as `120/minute`."""

    times: int
    seconds: float

    @classmethod
    def parse(cls, text: str) -> Rate:
        """Raises ValueError for what is no rate."""
        times, _, unit = text.partition("/")
        if unit not in _SECONDS or int(times) < 1:
            raise ValueError(f"no rate: {text}")
        return cls(int(times), _SECONDS[unit])


class SlidingWindow:
    """Counts by key: what came in the present window, and of the last one the part that has not slid out yet.

    All keys turn their window together, so whoever did not come in two windows is forgotten without looking for them.
    """

    def __init__(self, rate: Rate, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._number = 0.0
        self._now: dict[str, int] = {}
        self._before: dict[str, int] = {}

    def admit(self, key: str) -> float:
        """Count one and return 0, or, when there were too many, count nothing and return the seconds to wait."""
        seconds = self._rate.seconds
        with self._lock:
            number, into = divmod(self._monotonic(), seconds)
            if number != self._number:
                self._before = self._now if number == self._number + 1 else {}
                self._number, self._now = number, {}
            count = self._now.get(key, 0)
            if count + self._before.get(key, 0) * (1 - into / seconds) >= self._rate.times:
                return seconds - into
            self._now[key] = count + 1
            return 0.0
