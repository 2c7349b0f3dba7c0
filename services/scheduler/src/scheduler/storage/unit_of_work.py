"""One transaction of the scheduler."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from chassis.clock import Clock
from chassis.database import Database, UnitOfWorkFactory
from chassis.ids import new_id
from chassis.outbox import Outbox
from scheduler.storage.calendars import PostgresCalendars
from scheduler.storage.timers import PostgresTimers


class PostgresUnitOfWork:
    """`UnitOfWork` over a session; whoever opened the session commits."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self.timers = PostgresTimers(session)
        self.calendars = PostgresCalendars(session)
        self.outbox = Outbox(session, producer="scheduler", clock=clock)
        self._clock = clock

    def now(self) -> datetime:
        """The business clock, aware and UTC."""
        return self._clock.now()

    def new_id(self) -> UUID:
        """A fresh id."""
        return new_id()


class Transactions(UnitOfWorkFactory[PostgresUnitOfWork]):
    """Opens transactions of the scheduler."""

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__(database, lambda session: PostgresUnitOfWork(session, clock))
