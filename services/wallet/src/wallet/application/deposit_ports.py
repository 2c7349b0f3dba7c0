"""What virtual accounts and differences to the provider's record need of the world outside the use cases."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from wallet.domain.difference import PaymentDifference
from wallet.domain.lots import Share
from wallet.domain.take_back import TakeBack


class TakeBacks(Protocol):
    """Deposits that the bank took back; always asked for under a posting of the same company, or its standing still."""

    def add(self, take_back: TakeBack, shares: Sequence[Share]) -> None:
        """Keep a new one, and what it recovered from which lots."""

    def recover(self, take_back: TakeBack, shares: Sequence[Share]) -> None:
        """Write that more was recovered, and from which lots."""

    def save(self, take_back: TakeBack) -> None:
        """Write its new state."""

    def last_of(self, charge_id: UUID) -> TakeBack | None:
        """The latest of a charge; None when there was none."""

    def owed_by(self, company_id: UUID) -> Sequence[TakeBack]:
        """Those of which the company still owes something, oldest first."""

    def shares(self, take_back_id: UUID) -> Sequence[Share]:
        """What was recovered from which lots."""


class Differences(Protocol):
    """Where the provider's record and ours differ, for operators."""

    def report(self, difference: PaymentDifference) -> bool:
        """Keep a difference; False when one of its key is known already, resolved or not."""

    def get(self, difference_id: UUID) -> PaymentDifference:
        """The difference, its row held until the transaction ends. Raises `UnknownDifferenceError`."""

    def resolve(self, difference: PaymentDifference) -> None:
        """Write how an operator resolved it."""

    def listed(self, *, resolved: bool | None, before: UUID | None, rows_max: int) -> Sequence[PaymentDifference]:
        """Differences, newest first, from before one on; of one kind of ending, or all."""
