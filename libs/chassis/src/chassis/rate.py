"""A token bucket: so many calls a second and no more, by the process's monotonic clock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class TokenBucket:
    """Grants `per_second` tokens evenly, and up to `burst` at once after a pause. Safe to share between threads.

    Any second admits at most `per_second + burst` calls, so a provider's hard quota is given less the burst.
    """

    def __init__(
        self, per_second: float, *, burst: float = 1.0, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Raises ValueError for a rate that is not positive or a burst below one."""
        if per_second <= 0 or burst < 1:
            raise ValueError("a rate is positive, and a burst at least one")
        self.per_second = per_second
        self.burst = burst
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._full_at = monotonic()

    def reserve(self) -> float:
        """Take the next token, now or in the future, and return the seconds to wait for it.

        A reservation is not given back: whoever takes it waits and calls.
        """
        with self._lock:
            now = self._monotonic()
            self._full_at = max(self._full_at, now) + 1 / self.per_second
            return max(0.0, self._full_at - self.burst / self.per_second - now)

    def wait(self) -> None:
        """Take the next token and sleep until it is due."""
        seconds = self.reserve()
        if seconds > 0:
            time.sleep(seconds)
