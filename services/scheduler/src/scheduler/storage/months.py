"""The last month whose turn was said: one row, kept by the scheduler that holds the lock."""

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from scheduler.domain.month import SeoulMonth
from scheduler.storage.tables import month_turns

ONLY_ROW = 1


class PostgresMonths:
    """`Months` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def claim_last(self, start: SeoulMonth) -> SeoulMonth | None:
        """The last month said, locked for this transaction; `start` at the very first; None while another holds it."""
        mine = select(func.pg_try_advisory_xact_lock(func.hashtextextended("scheduler.months", 0)))
        if not self._session.scalar(mine):
            return None
        first = insert(month_turns).values(id=ONLY_ROW, last_month=str(start)).on_conflict_do_nothing()
        self._session.execute(first)
        found = self._session.execute(select(month_turns.c.last_month)).scalar_one()
        year, month = found.split("-")
        return SeoulMonth(int(year), int(month))

    def record(self, month: SeoulMonth) -> None:
        """Store that this month's turn was said."""
        self._session.execute(update(month_turns).values(last_month=str(month)))
