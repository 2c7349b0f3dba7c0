"""One transaction's repositories and outbox, as the use cases ask for them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from chassis import parking
from chassis.clock import Clock
from chassis.columns import KeyedHash
from chassis.ids import new_id
from chassis.outbox import Outbox
from chassis.sealing import Sealer
from chassis.tokens import raise_floor
from contracts.event import Event
from contracts.ordering.coupons import CouponsFailed, CouponsIssued
from contracts.ordering.dispatches import DispatchRequested
from ordering.application.ports import Links
from ordering.storage.acts import PostgresActs
from ordering.storage.chunks import PostgresChunks
from ordering.storage.copies import PostgresCopies
from ordering.storage.coupons import PostgresCoupons
from ordering.storage.issuing_months import PostgresIssuingMonths
from ordering.storage.lines import PostgresLines
from ordering.storage.orders import PostgresOrders
from ordering.storage.plans import PostgresPlans
from ordering.storage.profile_uses import PostgresSenderProfileUses
from ordering.storage.revocations import PostgresRevocations
from ordering.storage.standings import PostgresStandings
from ordering.storage.statements import PostgresStatements
from ordering.storage.supplier_stops import PostgresSupplierStops

PRODUCER = "ordering"
STATE_QUEUE = "ordering.state"
"""Where questions of others are parked and come again."""


@dataclass(frozen=True)
class Equipment:
    """What every unit of work of this process shares."""

    clock: Clock
    keyed_hash: KeyedHash
    sealer: Sealer
    links: Links
    choice_days: int
    """How long recipients may choose (ORD-05)."""
    forecast_days: int
    """How many days ahead an anniversary is near (ANN-08)."""


class PostgresUnitOfWork:
    """`UnitOfWork` over a session; whoever opened the session commits it."""

    def __init__(self, session: Session, equipment: Equipment) -> None:
        self._session = session
        self.copies = PostgresCopies(session, equipment.sealer)
        self.orders = PostgresOrders(session, equipment.clock, equipment.keyed_hash)
        self.chunks = PostgresChunks(session)
        self.coupons = PostgresCoupons(session)
        self.lines = PostgresLines(session)
        self.stops = PostgresSupplierStops(session)
        self.months = PostgresIssuingMonths(session)
        self.revocations = PostgresRevocations(session)
        self.standings = PostgresStandings(session)
        self.statements = PostgresStatements(session)
        self.acts = PostgresActs(session)
        self.plans = PostgresPlans(session)
        self.profile_uses = PostgresSenderProfileUses(session)
        self.outbox = Outbox(session, producer=PRODUCER, clock=equipment.clock, belongs_to=self._request_of)
        self.sealing = equipment.sealer
        self.links = equipment.links
        self.choice_days = equipment.choice_days
        self.forecast_days = equipment.forecast_days
        self._clock = equipment.clock
        self._requests: dict[UUID, UUID | None] = {}

    def now(self) -> datetime:
        """The business clock, aware and UTC."""
        return self._clock.now()

    def new_id(self) -> UUID:
        """A fresh id."""
        return new_id()

    def unpark(self, key: str) -> None:
        """Let questions come again that were parked under the key."""
        parking.unpark(self._session, STATE_QUEUE, key)

    def revoke_sessions(self, subject_id: UUID, lowest_generation: int) -> None:
        """Refuse the subject's sessions below the generation from now on."""
        raise_floor(self._session, subject_id, lowest_generation)

    def _request_of(self, event: Event) -> UUID | None:
        """Whatever is said of an order's chunks belongs to the request that placed it, whichever loop says it."""
        if isinstance(event, CouponsIssued | CouponsFailed | DispatchRequested):
            if event.order_id not in self._requests:
                self._requests[event.order_id] = self.orders.request_of(event.order_id)
            return self._requests[event.order_id]
        return None
