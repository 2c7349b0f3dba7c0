"""Raw reports in PostgreSQL: kept before they are understood, matched again until they mean something."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import case, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.ids import new_id
from messaging.storage.tables import reports

FIRST_WAIT = timedelta(seconds=1)
WAIT_DOUBLINGS_MAX = 10


class PostgresReports:
    """`Reports` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, key: str, body: str, now: datetime) -> bool:
        """Store a report; False when one with this key is there already."""
        statement = insert(reports).values(id=new_id(), key=key, body=body, received_at=now, next_try_at=now)
        added = self._session.execute(statement.on_conflict_do_nothing().returning(reports.c.id))
        return added.first() is not None

    def waiting(self, rows_max: int, now: datetime) -> Sequence[tuple[UUID, str]]:
        """Reports to be matched now: id and body, locked."""
        statement = (
            select(reports.c.id, reports.c.body)
            .where(reports.c.settled.is_(False), reports.c.next_try_at <= now)
            .order_by(reports.c.next_try_at, reports.c.id)
            .limit(rows_max)
            .with_for_update(skip_locked=True)
        )
        return [(row.id, row.body) for row in self._session.execute(statement)]

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
