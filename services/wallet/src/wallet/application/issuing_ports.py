"""What counting issued coupons by month needs of the world outside the use cases."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from wallet.domain.holds import HeldFunds
from wallet.domain.issuing import Capture, ClosedMonth, Issued, MonthState, Revocation
from wallet.domain.lots import Share


class IssuingMonths(Protocol):
    """What was captured, by the Seoul month of issue, and the months that ordering closed.

    All of it is written under a posting or standstill of the company, so that a month is settled once.
    """

    def add(self, capture: Capture) -> MonthState | None:
        """Keep a capture; the state of its month when that was closed before, None while it is open.

        Kept before under the same chunk and wave: nothing happens, and None.
        """

    def note_late(self, company_id: UUID, month: str, issued: Issued) -> None:
        """Note that coupons were captured after their month was settled."""

    def close(self, company_id: UUID, month: str, counted: Issued, closed_at: datetime) -> None:
        """Keep what ordering counted of a month."""

    def closed(self, company_id: UUID, month: str) -> ClosedMonth | None:
        """A closed month as it stands; None when it was not closed."""

    def settle(self, company_id: UUID, month: str, state: MonthState, invoice_id: UUID | None, at: datetime) -> None:
        """Note that a month was settled, with or without an invoice; nothing of it is late any more."""

    def page(
        self, *, state: MonthState | None, is_late: bool | None, after: tuple[str, UUID] | None, rows_max: int
    ) -> Sequence[ClosedMonth]:
        """Closed months of all companies, by month and company, from after one on."""


class Revocations(Protocol):
    """Coupons that were revoked."""

    def is_known(self, revocation_id: UUID) -> bool:
        """Whether the revocation was applied before."""

    def issued_of(self, order_id: UUID, month: str) -> Issued:
        """What of an order was issued in a month and not revoked so far."""

    def add(self, revocation: Revocation, carried_months: Sequence[str]) -> None:
        """Keep a revocation; what was issued in `carried_months` had been invoiced, and is carried over."""

    def spent(self, order_id: UUID) -> HeldFunds:
        """An order's hold with what it has spent of its lots, oldest first."""

    def give_back(self, before: HeldFunds, amount_krw: int, cash_like_krw: int, shares: Sequence[Share]) -> None:
        """Turn captured money of a hold into released, and spent shares of its lots into free ones."""
