"""The last day whose opening was said: one row, kept by the scheduler that holds the lock."""

from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from scheduler.storage.tables import day_openings

ONLY_ROW = 1


class PostgresDays:
    """`Days` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def claim_last(self, start: date) -> date | None:
        """The last day said, locked for this transaction; `start` at the very first; None while another holds it."""
        mine = select(func.pg_try_advisory_xact_lock(func.hashtextextended("scheduler.days", 0)))
        if not self._session.scalar(mine):
            return None
        self._session.execute(insert(day_openings).values(id=ONLY_ROW, last_day=start).on_conflict_do_nothing())
        last: date = self._session.execute(select(day_openings.c.last_day)).scalar_one()
        return last

    def record(self, day: date) -> None:
        """Store that this day's opening was said."""
        self._session.execute(update(day_openings).values(last_day=day))
