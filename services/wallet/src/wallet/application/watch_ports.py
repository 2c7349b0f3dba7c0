"""What watching a company's money needs of the world outside the use cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from wallet.domain.watch import NearOrder, Threshold


@dataclass(frozen=True)
class Crossing:
    """A company that has come below its threshold, or is above it again."""

    threshold: Threshold
    available_krw: int

    @property
    def fell(self) -> bool:
        """Whether there is too little now, and nobody was told yet."""
        return not self.threshold.is_low


class Watches(Protocol):
    """Thresholds of companies, and the orders that are near."""

    def threshold(self, company_id: UUID) -> Threshold | None:
        """What the master chose; None when nothing."""

    def set_threshold(self, company_id: UUID, threshold_krw: int | None, at: datetime) -> None:
        """Keep a new choice, of which nobody was told anything yet; None watches no more."""

    def crossings(self, month: str, *, rows_max: int) -> Sequence[Crossing]:
        """Active companies whose money crossed their threshold, by this Seoul month; nobody else gets them."""

    def note(self, threshold: Threshold) -> None:
        """Write on which side of the threshold a company is now."""

    def keep_near(self, order: NearOrder) -> bool:
        """Keep a near order; False when it was known."""

    def near(self, company_id: UUID, *, after: date, until: date) -> Sequence[NearOrder]:
        """The company's near orders of the days after one and up to another."""
