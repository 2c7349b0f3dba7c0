"""What asking how issued coupons stand needs from the outside (ORD-19)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from ordering.application.sending_ports import SupplierStops
from ordering.domain.standing import AskedCoupon, Standing


class Standings(Protocol):
    """Issued coupons about which suppliers are asked."""

    def claim(self, at: datetime, lease_seconds: float, coupons_max: int) -> Sequence[AskedCoupon]:
        """Take coupons that are due and nobody's, for as long as the lease on the database's clock runs."""

    def record(self, standings: Sequence[Standing]) -> None:
        """Store what became of coupons, and give them back; only one that is issued still is changed."""


class StandingUnit(Protocol):
    """One transaction of the asking."""

    @property
    def standings(self) -> Standings: ...
    @property
    def stops(self) -> SupplierStops: ...

    def now(self) -> datetime:
        """The business clock, aware and UTC."""


class LookedAt(Protocol):
    """Coupons that their recipient looks at."""

    def want(self, line_id: UUID, at: datetime, known_before: datetime) -> bool:
        """Make those of the line's coupons due of which nothing was heard since; whether there were any."""

    def are_awaited(self, line_id: UUID, since: datetime) -> bool:
        """Whether the line has coupons that were made due then and have not been asked about."""
