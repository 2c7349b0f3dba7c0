"""Raw reports in PostgreSQL: kept before they are understood, matched again until they mean something."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Row, case, cast, func, select, update
from sqlalchemy.orm import Session

from chassis.bulk import BulkInsert
from chassis.columns import encrypt_text
from chassis.ids import new_id
from messaging.domain.report import RawReport, ReportCount, ReportWay
from messaging.storage.tables import reports

FIRST_WAIT = timedelta(seconds=1)
WAIT_DOUBLINGS_MAX = 10
BODY_PURPOSE = "messaging.report.body"
_ADD = BulkInsert(reports, ("id", "key", "body", "received_at", "next_try_at", "way"))


class PostgresReports:
    """`Reports` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, keyed: Sequence[tuple[str, str]], now: datetime, way: ReportWay) -> int:
        """Store reports, by key and body, in one statement; how many were new."""
        if not keyed:
            return 0
        # In the order of their keys, so that two transactions with the same reports wait for each other in line.
        rows = [
            (new_id(), key, encrypt_text(BODY_PURPOSE, body), now, now, way.value)
            for key, body in sorted(dict(keyed).items())
        ]
        return _ADD.execute(self._session, rows)

    def waiting(self, rows_max: int, now: datetime) -> Sequence[RawReport]:
        """Reports to be matched now, locked."""
        statement = (
            select(reports)
            .where(reports.c.settled.is_(False), reports.c.next_try_at <= now)
            .order_by(reports.c.next_try_at, reports.c.id)
            .limit(rows_max)
            .with_for_update(skip_locked=True)
        )
        return [_report(row) for row in self._session.execute(statement)]

    def give_up(self, report_ids: Sequence[UUID]) -> None:
        """These matched nothing for long enough: operators look at them."""
        if report_ids:
            given_up = update(reports).where(reports.c.id.in_(report_ids))
            self._session.execute(given_up.values(settled=True, unmatched=True))

    def unmatched(self, *, before: UUID | None, limit: int) -> Sequence[RawReport]:
        """Reports that were given up, newest first; `before` is the id that the last page ended with."""
        statement = select(reports).where(reports.c.unmatched)
        if before is not None:
            statement = statement.where(reports.c.id < before)
        return [_report(row) for row in self._session.execute(statement.order_by(reports.c.id.desc()).limit(limit))]

    def counts(self, since: datetime) -> Sequence[ReportCount]:
        """Reports by Seoul day, newest first."""
        day = cast(func.timezone("Asia/Seoul", reports.c.received_at), Date).label("day")
        statement = (
            select(
                day,
                func.count().filter(reports.c.way == ReportWay.PUSH.value).label("pushed"),
                func.count().filter(reports.c.way == ReportWay.POLL.value).label("polled"),
                func.count().filter(reports.c.unmatched).label("unmatched"),
            )
            .where(reports.c.received_at >= since)
            .group_by(day)
            .order_by(day.desc())
        )
        return [ReportCount(row.day, row.pushed, row.polled, row.unmatched) for row in self._session.execute(statement)]

    def settle(self, report_ids: Sequence[UUID]) -> None:
        """These matched, or will never mean anything."""
        if report_ids:
            self._session.execute(update(reports).where(reports.c.id.in_(report_ids)).values(settled=True))

    def postpone(self, report_ids: Sequence[UUID], now: datetime) -> None:
        """These match nothing yet: looked at again after a wait that doubles."""
        if not report_ids:
            return
        waits = {doublings: FIRST_WAIT * 2**doublings for doublings in range(WAIT_DOUBLINGS_MAX)}
        next_try_at = case(
            {doublings: now + wait for doublings, wait in waits.items()},
            value=reports.c.tries,
            else_=now + FIRST_WAIT * 2**WAIT_DOUBLINGS_MAX,
        )
        self._session.execute(
            update(reports)
            .where(reports.c.id.in_(report_ids))
            .values(tries=reports.c.tries + 1, next_try_at=next_try_at)
        )


def _report(row: Row[Any]) -> RawReport:
    return RawReport(row.id, row.key, row.body, row.received_at)
