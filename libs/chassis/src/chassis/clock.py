"""The time of business: aware UTC from one clock that a sandbox may move, for every service together.

Time-outs inside a process use the monotonic clock, and leases between processes the database's own; neither
of them is read here.
"""

from __future__ import annotations

import http.client
import json
import logging
import threading
from datetime import UTC, datetime, timedelta
from queue import Empty, LifoQueue
from typing import Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")
"""Where months, days and opening hours are counted."""

ANSWER_BYTES_MAX = 65_536

logger = logging.getLogger(__name__)


class ClockUnavailableError(RuntimeError):
    """The sandbox's clock was never read, so there is no time to work by."""


class Clock(Protocol):
    """Business time."""

    def now(self) -> datetime:
        """The present time, aware and UTC."""
        ...

    def refresh(self) -> None:
        """Learn what the clock was moved to. Called before each unit of work: request, delivery, turn of a loop."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present time, aware and UTC."""
        return datetime.now(UTC)

    def refresh(self) -> None:
        """Nothing moves this clock."""


class FixedClock:
    """A clock that stands still until it is moved; for tests. Safe to share between threads."""

    def __init__(self, at: datetime) -> None:
        self._at = _utc(at)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The time that was set last, aware and UTC."""
        with self._lock:
            return self._at

    def refresh(self) -> None:
        """Nothing moves this clock but its own methods."""

    def advance(self, by: timedelta) -> datetime:
        """Move the clock and return the new time."""
        with self._lock:
            self._at += by
            return self._at

    def set(self, at: datetime) -> None:
        """Move the clock to an aware time. Raises ValueError for a naive one."""
        with self._lock:
            self._at = _utc(at)


class SandboxClock:
    """The machine's clock moved by the offset that the sandbox's control plane keeps.

    Every `refresh` asks the sandbox anew. Only the sandbox moves the time, so while it is away the offset read
    last stays right; before the first reading there is none, and `now` raises `ClockUnavailableError`.
    """

    def __init__(self, url: str, *, timeout_seconds: float = 2.0) -> None:
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname:
            raise ValueError("the sandbox clock has an http:// address")
        self._host, self._port = parts.hostname, parts.port or 80
        self._target = parts.path or "/"
        self._timeout_seconds = timeout_seconds
        self._idle: LifoQueue[http.client.HTTPConnection] = LifoQueue()
        self._offset: timedelta | None = None

    def now(self) -> datetime:
        """The sandbox's time, aware and UTC, by the offset read last."""
        if self._offset is None:
            self.refresh()
        if self._offset is None:
            raise ClockUnavailableError("the sandbox's clock does not answer")
        return datetime.now(UTC) + self._offset

    def refresh(self) -> None:
        """Read the offset. A sandbox that does not answer leaves the last reading in force."""
        try:
            self._offset = self._read_offset()
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError) as problem:
            logger.warning("sandbox clock not read: %s", type(problem).__name__)

    def _read_offset(self) -> timedelta:
        try:
            return self._ask(self._idle.get_nowait())
        except (Empty, OSError, http.client.HTTPException):
            # Nothing idle, or the sandbox closed what was. Reading has no effect, so asking again is harmless.
            timeout = self._timeout_seconds
            return self._ask(http.client.HTTPConnection(self._host, self._port, timeout=timeout))

    def _ask(self, connection: http.client.HTTPConnection) -> timedelta:
        kept = False
        try:
            connection.request("GET", self._target, headers={"Accept": "application/json"})
            answer = connection.getresponse()
            body = answer.read(ANSWER_BYTES_MAX)
            if answer.status != http.client.OK:
                raise ValueError(f"status {answer.status}")
            offset = timedelta(seconds=float(json.loads(body)["offset_seconds"]))
            kept = answer.isclosed() and not answer.will_close
            return offset
        finally:
            if kept:
                self._idle.put(connection)
            else:
                connection.close()


def clock_from(url: str | None) -> Clock:
    """The sandbox's clock when its address is set, else the machine's."""
    return SandboxClock(url) if url else SystemClock()


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without a zone is not accepted")
    return at.astimezone(UTC)
