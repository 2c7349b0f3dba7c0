"""The outbox of what vendors tell us unasked: message reports and payment webhooks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import aiohttp

from sandbox.clock import Clock, utc_text
from sandbox.faults import REPORT_KINDS, Faults
from sandbox.records import Store, Table

ANSWER_SECONDS_MAX = 10.0
SOON_SECONDS = 1.0  # A report due within this counts as under way: whoever waits for rest waits for it.


@dataclass(frozen=True, slots=True)
class Report:
    """One report on its way. Times are seconds since the epoch; a `due_at` of None is held until released."""

    report_id: str
    provider: str
    route: str
    url: str
    body: str
    headers: dict[str, str]
    fields: dict[str, str]
    due_at: float | None
    retry_after_seconds: list[float]
    copies: int = 1
    attempts: int = 0


class ReportOutbox:
    """Reports wait here until due, are sent, and are tried again by their vendor's schedule.

    A report with no address, or given up after its last try, goes to the provider's `undelivered` function.
    """

    def __init__(self, clock: Clock, store: Store, faults: Faults, retry_scale: float, concurrency: int) -> None:
        self._clock = clock
        self._faults = faults
        self._retry_scale = retry_scale
        self._waiting: Table[Report] = Table(store, "reports", lambda value: Report(**value))
        self._sending: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(concurrency)
        self._session: aiohttp.ClientSession | None = None
        self._undelivered: dict[str, Callable[[Report], None]] = {}

    async def start(self) -> None:
        """Take up what a former process left."""
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS_MAX), connector=aiohttp.TCPConnector(limit=0)
        )
        for report in self._waiting:
            self._plan(report)

    async def stop(self) -> None:
        """Break off what is being sent; it is sent again by the next process."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def on_undelivered(self, provider: str, function: Callable[[Report], None]) -> None:
        """Where this provider's reports go that cannot be pushed."""
        self._undelivered[provider] = function

    def add(self, report: Report) -> None:
        """Take a report, after the faults that concern it had their say."""
        if self._faults:
            shaped = self._shape(report)
            if shaped is None:
                return
            report = shaped
        self._waiting.put(report.report_id, report)
        self._plan(report)

    def listed(self) -> list[dict[str, Any]]:
        """Reports that wait, for the control plane."""
        return [
            {
                "report_id": report.report_id,
                "provider": report.provider,
                "route": report.route,
                "fields": report.fields,
                "due_at": None if report.due_at is None else utc_text(report.due_at),
                "held": report.due_at is None,
                "attempts": report.attempts,
                "sending": report.report_id in self._sending,
            }
            for report in self._waiting
        ]

    def rest(self) -> dict[str, Any]:
        """How far from rest: `pending` is being sent or due within a second, `scheduled` is due later."""
        soon = self._clock.now() + SOON_SECONDS
        dues = [report.due_at for report in self._waiting if report.due_at is not None]
        later = [due for due in dues if due > soon]
        return {
            "idle": len(dues) == len(later),
            "pending": len(dues) - len(later),
            "scheduled": len(later),
            "held": len(self._waiting) - len(dues),
            "next_due_at": utc_text(min(later)) if later else None,
        }

    def hold(self, wanted: Callable[[Report], bool]) -> int:
        """Hold waiting reports until released; how many."""
        chosen = [report for report in self._waiting if wanted(report) and report.report_id not in self._sending]
        for report in chosen:
            self._waiting.put(report.report_id, replace(report, due_at=None))
        return len(chosen)

    def release(self, wanted: Callable[[Report], bool], *, reverse: bool = False) -> int:
        """Send waiting reports now, held or not, one after the other; how many."""
        chosen = [report for report in self._waiting if wanted(report) and report.report_id not in self._sending]
        now = self._clock.now()
        due = [replace(report, due_at=now) for report in (reversed(chosen) if reverse else chosen)]
        for report in due:
            self._waiting.put(report.report_id, report)
            self._sending.add(report.report_id)
        self._spawn(due)
        return len(due)

    def _shape(self, report: Report) -> Report | None:
        now = self._clock.now()
        fault = self._faults.strike(REPORT_KINDS, report.provider, report.route, report.fields, now)
        if fault is None:
            return report
        if fault.kind == "no_report":
            return None
        if fault.kind == "duplicate":
            return replace(report, copies=fault.copies)
        if fault.kind == "hold_report":
            return replace(report, due_at=None)
        return replace(report, due_at=(report.due_at or now) + fault.delay_seconds)

    def _plan(self, report: Report) -> None:
        if report.due_at is not None:
            self._clock.at(report.due_at, lambda: self._fire(report.report_id, report.due_at))

    def _fire(self, report_id: str, due_at: float | None) -> None:
        report = self._waiting.get(report_id)
        if report is None or report.due_at != due_at or report_id in self._sending:
            return  # Held, released or sent in the meantime.
        self._sending.add(report_id)
        self._spawn([report])

    def _spawn(self, reports: list[Report]) -> None:
        task = asyncio.get_running_loop().create_task(self._send_all(reports))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send_all(self, reports: list[Report]) -> None:
        for report in reports:
            async with self._slots:
                delivered = await self._send(report)
            self._sending.discard(report.report_id)
            self._settle(report, delivered=delivered)

    def _settle(self, report: Report, *, delivered: bool) -> None:
        if report.report_id not in self._waiting:
            return  # Reset while it was being sent.
        if not delivered and report.url and report.attempts < len(report.retry_after_seconds):
            wait = report.retry_after_seconds[report.attempts] * self._retry_scale
            again = replace(report, attempts=report.attempts + 1, due_at=self._clock.now() + wait)
            self._waiting.put(report.report_id, again)
            self._plan(again)
            return
        self._waiting.drop(report.report_id)
        if not delivered and report.provider in self._undelivered:
            self._undelivered[report.provider](report)

    async def _send(self, report: Report) -> bool:
        if not report.url or self._session is None:
            return False
        headers = {name: value.replace("{attempts}", str(report.attempts)) for name, value in report.headers.items()}
        delivered = True
        for _ in range(report.copies):
            try:
                async with self._session.post(report.url, data=report.body.encode(), headers=headers) as answer:
                    delivered = answer.status < 300 and delivered
            except (aiohttp.ClientError, TimeoutError):
                delivered = False
        return delivered
