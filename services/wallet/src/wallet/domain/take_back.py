"""A deposit that the bank took back after it was credited: a late turn of a virtual account's charge (WAL-02)."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class TakeBack:
    """One taking back; `no` counts those of its charge, for a deposit may come again and be taken back again.

    It is recovered from the company's free money at once, as far as that goes; the rest is a claim on the company, and
    is taken off its next charges.
    """

    id: UUID
    charge_id: UUID
    company_id: UUID
    no: int
    amount_krw: int
    recovered_krw: int
    taken_back_at: datetime
    returned_at: datetime | None = None

    @property
    def claim_krw(self) -> int:
        """What the company still owes."""
        return self.amount_krw - self.recovered_krw

    @property
    def key(self) -> str:
        """The beginning of the causes that it is posted under."""
        return f"charge:{self.charge_id}:take-back:{self.no}"

    def recovered(self, amount_krw: int) -> "TakeBack":
        """With so many KRW less owed."""
        return replace(self, recovered_krw=self.recovered_krw + amount_krw)

    def returned(self, at: datetime) -> "TakeBack":
        """Once the deposit came again."""
        return replace(self, returned_at=at)
