"""The last moment of each calendar that was said; all of them are said by the scheduler that holds the lock."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from scheduler.storage.tables import calendars


class PostgresCalendars:
    """`Calendars` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def claim(self) -> bool:
        """Lock the calendars for this transaction; False while another scheduler holds them."""
        mine = select(func.pg_try_advisory_xact_lock(func.hashtextextended("scheduler.calendars", 0)))
        return bool(self._session.scalar(mine))

    def last_said(self) -> dict[str, datetime]:
        """The last moments by the calendars' names; none of one that was never said."""
        return {row.name: row.last_at for row in self._session.execute(select(calendars))}

    def record(self, name: str, at: datetime) -> None:
        """Store that this moment was said."""
        said = insert(calendars).values(name=name, last_at=at)
        self._session.execute(said.on_conflict_do_update(index_elements=[calendars.c.name], set_={"last_at": at}))
