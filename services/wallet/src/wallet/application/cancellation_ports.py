"""What cancelling charges needs of the world outside the use cases."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from wallet.domain.cancellation import Cancellation


@dataclass(frozen=True)
class CancelAttempt:
    """A try's call at the provider, claimed by whoever works on it."""

    cancellation_id: UUID
    owner: UUID
    tries: int


class Cancellations(Protocol):
    """Tries at cancelling charges, and the calls that they need."""

    def add(self, cancellation: Cancellation) -> None:
        """Keep a new try."""

    def get(self, cancellation_id: UUID) -> Cancellation:
        """The try, its row held until the transaction ends."""

    def save(self, cancellation: Cancellation) -> None:
        """Write how a try ended."""

    def last_of(self, charge_id: UUID) -> Cancellation | None:
        """The latest try of a charge; None when there was none."""

    def open_attempt(self, cancellation: Cancellation, owner: UUID, lease: timedelta) -> None:
        """Note that the provider is about to be called, claimed by `owner` until the lease ends."""

    def claim_due(self, owner: UUID, lease: timedelta) -> CancelAttempt | None:
        """Claim one call that is due and nobody works on; None when there is none."""

    def postpone(self, attempt: CancelAttempt, delay: timedelta | None, *, note: str) -> None:
        """Let go of a call until the delay is over; without a delay it waits for an operator."""

    def settle_attempt(self, cancellation_id: UUID, note: str) -> None:
        """Close a try's call for good."""

    def wake(self, charge_id: UUID) -> None:
        """Make the open call of a charge's try due at once, unless somebody works on it."""
