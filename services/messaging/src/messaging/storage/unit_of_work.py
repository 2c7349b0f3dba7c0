"""One transaction of messaging."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from chassis.clock import Clock
from chassis.database import Database, UnitOfWorkFactory
from chassis.ids import new_id
from chassis.outbox import Outbox
from contracts.event import Event
from contracts.messaging import MessagesReported
from messaging.storage.cards import PostgresCards
from messaging.storage.codes import PostgresCodes
from messaging.storage.deliveries import PostgresDeliveries
from messaging.storage.mails import PostgresMails
from messaging.storage.reports import PostgresReports
from messaging.storage.templates import PostgresTemplates


class PostgresUnitOfWork:
    """`UnitOfWork` over a session; whoever opened the session commits."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self.templates = PostgresTemplates(session)
        self.cards = PostgresCards(session)
        self.deliveries = PostgresDeliveries(session)
        self.reports = PostgresReports(session)
        self.codes = PostgresCodes(session, clock)
        self.mails = PostgresMails(session, clock)
        self.outbox = Outbox(session, producer="messaging", clock=clock, belongs_to=self._request_of)
        self._clock = clock

    def now(self) -> datetime:
        """The business clock, aware and UTC."""
        return self._clock.now()

    def new_id(self) -> UUID:
        """A fresh id."""
        return new_id()

    def _request_of(self, event: Event) -> UUID | None:
        """What is reported of a batch belongs to the request that asked for it, whichever loop reports it."""
        if isinstance(event, MessagesReported):
            return self.deliveries.request_of(event.order_id, event.chunk_no, event.wave)
        return None


class Transactions(UnitOfWorkFactory[PostgresUnitOfWork]):
    """Opens transactions of messaging."""

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__(database, lambda session: PostgresUnitOfWork(session, clock))
