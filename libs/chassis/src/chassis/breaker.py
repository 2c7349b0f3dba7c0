"""A circuit breaker: after several failures in a row a system is left alone for a while, then tried by one call.

The lock is held only to decide and to record, never during a call; so a slow system does not make its callers
queue behind one another.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BreakerLimits:
    """How many failures in a row open the breaker, and how long it stays open before one trial."""

    failures_max: int = 5
    open_seconds: float = 10.0


class Breaker:
    """State of one other system, as this process sees it. Safe to share between threads and greenlets."""

    def __init__(self, limits: BreakerLimits, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._failures = 0
        self._opened_at: float | None = None
        self._trial_since: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether calls are held back at present, the trial aside."""
        return self._opened_at is not None

    def admits(self) -> bool:
        """Whether a call may be made now; each admitted call is followed by `succeeded` or `failed`."""
        with self._lock:
            if self._opened_at is None:
                return True
            now = self._monotonic()
            resting = now - self._opened_at < self._limits.open_seconds
            # A trial that never reported back (its thread died) must not keep the breaker open for ever.
            trying = self._trial_since is not None and now - self._trial_since < 6 * self._limits.open_seconds
            if resting or trying:
                return False
            self._trial_since = now
            return True

    def succeeded(self) -> None:
        """The system answered: close."""
        with self._lock:
            self._failures = 0
            self._opened_at = None
            self._trial_since = None

    def failed(self) -> None:
        """The system did not answer, or said that it cannot: count, and open when it is enough."""
        with self._lock:
            self._failures += 1
            if self._trial_since is not None or self._failures >= self._limits.failures_max:
                self._opened_at = self._monotonic()
                self._trial_since = None
