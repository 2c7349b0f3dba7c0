"""What was issued, by the Seoul month of issue; and coupons that were revoked afterwards (WAL-12, ORD-32)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from wallet.domain.invoice_errors import ContradictoryRevocationError
from wallet.domain.month import seoul_month
from wallet.domain.movements import Chunk


@dataclass(frozen=True)
class Issued:
    """So many coupons, at so many KRW together."""

    coupons: int
    amount_krw: int


NOTHING = Issued(0, 0)


@dataclass(frozen=True)
class Capture:
    """A chunk's coupons that were issued; it counts in the Seoul month of `issued_at`, to the millisecond."""

    chunk: Chunk
    company_id: UUID
    issued: Issued
    issued_at: datetime

    @property
    def month(self) -> str:
        """The Seoul month of issue, YYYY-MM."""
        return seoul_month(self.issued_at)


class MonthState(StrEnum):
    """Where the invoice of a closed month stands."""

    WAITING = "waiting"
    """Our captures are not yet what ordering counted."""
    INVOICED = "invoiced"
    EMPTY = "empty"
    """Nothing of it is to be paid later."""
    DESTROYED = "destroyed"
    """Its invoice was kept as long as invoices are kept."""


@dataclass(frozen=True)
class ClosedMonth:
    """A company's month of issue that ordering closed: what it counted, and what we captured."""

    company_id: UUID
    month: str
    state: MonthState
    counted: Issued
    captured: Issued
    closed_at: datetime
    invoice_id: UUID | None = None
    late: Issued = NOTHING
    """Captured after the month was settled, against ordering's promise: in no invoice until that is restated."""

    @property
    def agrees(self) -> bool:
        """Whether all that was counted has been captured, and no more."""
        return self.counted == self.captured


@dataclass(frozen=True)
class Revocation:
    """Coupons of an order that an operator revoked, by the months of their issue; repaid or not.

    Raises `ContradictoryRevocationError` when its months are not what it says.
    """

    id: UUID
    order_id: UUID
    company_id: UUID
    repaid: bool
    issued: Issued
    cash_like_krw: int
    months: tuple[tuple[str, Issued], ...]
    revoked_at: datetime

    def __post_init__(self) -> None:
        coupons = sum(issued.coupons for _, issued in self.months)
        amount_krw = sum(issued.amount_krw for _, issued in self.months)
        if Issued(coupons, amount_krw) != self.issued or len({month for month, _ in self.months}) != len(self.months):
            raise ContradictoryRevocationError(self.id)

    @property
    def cause(self) -> str:
        """What its posting is named by for ever."""
        return f"revocation:{self.id}:repaid"
