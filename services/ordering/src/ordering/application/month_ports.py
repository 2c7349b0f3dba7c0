"""What closing a month of issue needs from the outside (WAL-12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from ordering.domain.issuing_month import IssuingMonth


@dataclass(frozen=True)
class CompanyMonth:
    """What a company's coupons of a month count, and sum to in KRW at the prices of placing."""

    company_id: UUID
    coupons: int
    amount_krw: int


class IssuingMonths(Protocol):
    """Which months of issue are closed."""

    def hold_open(self) -> datetime | None:
        """Let no month be closed until the transaction ends; since when the open month runs, None if none was closed.

        Whoever records that coupons were issued calls it first and reads the clock after it.
        """

    def close(self, month: IssuingMonth, at: datetime) -> None:
        """Close the month once every transaction that records issued coupons has ended; closed twice is once."""

    def claim_unsaid(self) -> IssuingMonth | None:
        """The oldest closed month whose figures were not said, locked; None when there is none, or another has it."""

    def issued_in(self, month: IssuingMonth) -> Sequence[CompanyMonth]:
        """What each company's coupons of the month count and sum to, revoked ones among them."""

    def note_said(self, month: IssuingMonth, at: datetime) -> None:
        """Note that the figures were said."""
