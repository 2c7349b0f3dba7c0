"""Long polls: a request waits for something to change, for a bounded time, and only so many at once."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

SeenT = TypeVar("SeenT")

FIRST_PAUSE_SECONDS = 0.02
PAUSE_SECONDS_MAX = 0.25


class LongPolls:
    """The waiting requests of one process. When all places are taken, a request is answered at once as things stand."""

    def __init__(self, requests_max: int) -> None:
        self._places = threading.BoundedSemaphore(requests_max) if requests_max else None

    def wait(self, read: Callable[[], SeenT], is_awaited: Callable[[SeenT], bool], timeout_seconds: float) -> SeenT:
        """What `read` gives, as soon as it is what is awaited, or when the time is over.

        Each reading is a short transaction of its own: a waiting request holds no connection. The time is this
        process's monotonic clock, not the business clock.
        """
        seen = read()
        if is_awaited(seen) or self._places is None or not self._places.acquire(blocking=False):
            return seen
        try:
            deadline = time.monotonic() + timeout_seconds
            pause_seconds = FIRST_PAUSE_SECONDS
            while not is_awaited(seen) and time.monotonic() < deadline:
                time.sleep(min(pause_seconds, max(deadline - time.monotonic(), 0)))
                pause_seconds = min(pause_seconds * 1.5, PAUSE_SECONDS_MAX)
                seen = read()
            return seen
        finally:
            self._places.release()
