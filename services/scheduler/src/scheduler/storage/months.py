"""The last month whose turn was said: one row, locked by the scheduler that is at it."""

from sqlalchemy import select, update
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
        first = insert(month_turns).values(id=ONLY_ROW, last_month=str(start)).on_conflict_do_nothing()
        self._session.execute(first)
        statement = select(month_turns.c.last_month).with_for_update(skip_locked=True)
        found = self._session.execute(statement).scalar_one_or_none()
        if found is None:
            return None
        year, month = found.split("-")
        return SeoulMonth(int(year), int(month))

    def record(self, month: SeoulMonth) -> None:
        """Store that this month's turn was said."""
        self._session.execute(update(month_turns).values(last_month=str(month)))
