"""The sandbox's own time: the machine's, moved by an offset that the services read and follow."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

KST = timezone(timedelta(hours=9))  # Korea has no summer time; a fixed zone needs no tzdata on a bare machine.
OFFSET_SECONDS_MAX = 20 * 365 * 86_400


class Clock:
    """Now, and an agenda of actions due at a virtual time; moving the clock makes them due sooner.

    Times are seconds since the epoch, UTC. Actions run on the event loop that called `start`.
    """

    def __init__(self, offset_seconds: float = 0.0) -> None:
        self.offset_seconds = offset_seconds
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Run what is due from here on, on this loop."""
        self._loop = loop
        self._arm()

    def stop(self) -> None:
        """Run nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
        self._loop = None
        self._timer = None

    def now(self) -> float:
        """Virtual time in seconds since the epoch."""
        return time.time() + self.offset_seconds

    def at(self, due_at: float, action: Callable[[], None]) -> None:
        """Run the action once virtual time has reached `due_at`."""
        heapq.heappush(self._agenda, (due_at, next(self._order), action))
        if self._agenda[0][0] == due_at:
            self._arm()

    def move_to(self, offset_seconds: float) -> None:
        """Set the offset; whatever became due by it has run, in the order of its due times, on return."""
        self.offset_seconds = offset_seconds
        if self._loop is not None:
            self._run_due()

    def clear(self) -> None:
        """Forget all that was planned."""
        self._agenda.clear()

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._loop is not None and self._agenda:
            self._timer = self._loop.call_later(max(0.0, self._agenda[0][0] - self.now()), self._run_due)

    def _run_due(self) -> None:
        now = self.now()
        while self._agenda and self._agenda[0][0] <= now:
            heapq.heappop(self._agenda)[2]()
        self._arm()


def utc_text(at: float) -> str:
    """ISO 8601 in UTC with a Z, microseconds kept."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def kst_iso(at: float) -> str:
    """ISO 8601 with +09:00, as the payment provider writes times."""
    return datetime.fromtimestamp(at, KST).isoformat(timespec="seconds")


def kst_digits(at: float) -> str:
    """yyyyMMddHHmmss in Korea, as the message provider and the supplier write times."""
    return datetime.fromtimestamp(at, KST).strftime("%Y%m%d%H%M%S")


def parse_time(text: str) -> float:
    """Seconds since the epoch of an ISO time; without a zone it is UTC. Raises ValueError."""
    parsed = datetime.fromisoformat(text)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()
