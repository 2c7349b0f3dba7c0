"""Requests that wait for news: so many at once and no more, of all clients and of each."""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from gateway.domain.errors import TooManyWaiting


class LongPolls:
    """Counts the requests of this process that wait. Safe to share between threads and greenlets."""

    def __init__(self, *, total_max: int, per_caller_max: int) -> None:
        self._total_max = total_max
        self._per_caller_max = per_caller_max
        self._lock = threading.Lock()
        self._waiting: Counter[str] = Counter()

    @contextmanager
    def place(self, caller: str) -> Iterator[None]:
        """Hold one of the places until the block ends. Raises TooManyWaiting, and never waits for a place itself."""
        with self._lock:
            if self._waiting.total() >= self._total_max or self._waiting[caller] >= self._per_caller_max:
                raise TooManyWaiting
            self._waiting[caller] += 1
        try:
            yield
        finally:
            with self._lock:
                self._waiting[caller] -= 1
                # Without this every caller of all times would stay in memory.
                if not self._waiting[caller]:
                    del self._waiting[caller]


def wait_seconds_of(text: str | None, *, seconds_max: float) -> float:
    """How long the client wants to wait; 0 for what is no such number, which the service then refuses itself."""
    try:
        seconds = float(text or 0)
    except ValueError:
        return 0.0
    return min(seconds, seconds_max) if math.isfinite(seconds) and seconds > 0 else 0.0
