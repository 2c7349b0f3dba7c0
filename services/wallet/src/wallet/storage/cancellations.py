"""Tries at cancelling charges, and the calls that they need."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, insert, select, update

from wallet.application.cancellation_ports import CancelAttempt
from wallet.domain.cancellation import Cancellation, CancellationState
from wallet.storage.attempts import SqlAttempts
from wallet.storage.cancellation_tables import cancellation_attempts, charge_cancellations


class SqlCancellations:
    """`Cancellations` over their tables."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._attempts = SqlAttempts(connection, at, cancellation_attempts, cancellation_attempts.c.cancellation_id)

    def add(self, cancellation: Cancellation) -> None:
        """Keep a new try."""
        row = {**asdict(cancellation), "state": cancellation.state.value}
        self._connection.execute(insert(charge_cancellations).values(row))

    def get(self, cancellation_id: UUID) -> Cancellation:
        """The try, its row held until the transaction ends."""
        found = select(charge_cancellations).where(charge_cancellations.c.id == cancellation_id).with_for_update()
        return _cancellation(self._connection.execute(found).one())

    def save(self, cancellation: Cancellation) -> None:
        """Write how a try ended."""
        self._connection.execute(
            update(charge_cancellations)
            .where(charge_cancellations.c.id == cancellation.id)
            .values(
                state=cancellation.state.value,
                ended_at=cancellation.ended_at,
                refusal_code=cancellation.refusal_code,
            )
        )

    def last_of(self, charge_id: UUID) -> Cancellation | None:
        """The latest try of a charge; None when there was none."""
        found = (
            select(charge_cancellations)
            .where(charge_cancellations.c.charge_id == charge_id)
            .order_by(charge_cancellations.c.no.desc())
            .limit(1)
        )
        row = self._connection.execute(found).one_or_none()
        return None if row is None else _cancellation(row)

    def open_attempt(self, cancellation: Cancellation, owner: UUID, lease: timedelta) -> None:
        """Note that the provider is about to be called, claimed by `owner` until the lease ends."""
        self._attempts.open(cancellation.id, cancellation.key, owner, lease)

    def claim_due(self, owner: UUID, lease: timedelta) -> CancelAttempt | None:
        """Claim one call that is due and nobody works on; None when there is none."""
        claimed = self._attempts.claim_due(owner, lease)
        return None if claimed is None else CancelAttempt(claimed.subject_id, owner, claimed.tries)

    def postpone(self, attempt: CancelAttempt, delay: timedelta | None, *, note: str) -> None:
        """Let go of a call until the delay is over; without a delay it waits for an operator."""
        self._attempts.postpone(attempt.cancellation_id, attempt.owner, delay, note)

    def settle_attempt(self, cancellation_id: UUID, note: str) -> None:
        """Close a try's call for good."""
        self._attempts.settle(cancellation_id, note)

    def wake(self, charge_id: UUID) -> None:
        """Make the open call of a charge's try due at once, unless somebody works on it."""
        last = self.last_of(charge_id)
        if last is not None:
            self._attempts.wake(last.id)


def _cancellation(row: Row[Any]) -> Cancellation:
    values = row._asdict()
    return Cancellation(**{**values, "state": CancellationState(values["state"])})
