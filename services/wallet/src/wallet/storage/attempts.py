"""Attempts at calls to the provider: written before the call, settled after it, taken over when their worker dies.

Leases are counted by the database's own clock, waits by business time.
"""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Column, Connection, Table, func, insert, or_, select, update

_NOW = func.clock_timestamp()


class Claimed(NamedTuple):
    """An attempt that its claimer works on."""

    subject_id: UUID
    tries: int


class SqlAttempts:
    """The attempts in one table, an attempt a subject."""

    def __init__(self, connection: Connection, at: datetime, table: Table, subject: Column[UUID]) -> None:
        self._connection = connection
        self._at = at
        self._table = table
        self._subject = subject

    def open(self, subject_id: UUID, key: str, owner: UUID, lease: timedelta) -> None:
        """Note that a call is about to be made under the key, claimed by `owner` until the lease ends."""
        self._connection.execute(
            insert(self._table).values(
                {
                    self._subject.name: subject_id,
                    "idempotency_key": key,
                    "state": "open",
                    "tries": 0,
                    "owner": owner,
                    "lease_ends_at": _NOW + lease,
                    "next_try_at": self._at,
                }
            )
        )

    def claim_due(self, owner: UUID, lease: timedelta) -> Claimed | None:
        """Claim one attempt that is due and nobody works on; None when there is none."""
        columns = self._table.c
        due = (
            select(self._subject)
            .where(
                columns.state == "open",
                columns.next_try_at <= self._at,
                or_(columns.owner.is_(None), columns.lease_ends_at <= _NOW),
            )
            .order_by(columns.next_try_at)
            .limit(1)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        claimed = self._connection.execute(
            update(self._table)
            .where(self._subject == due)
            .values(owner=owner, lease_ends_at=_NOW + lease)
            .returning(self._subject, columns.tries)
        ).one_or_none()
        return None if claimed is None else Claimed(claimed[0], claimed[1])

    def postpone(self, subject_id: UUID, owner: UUID, delay: timedelta | None, note: str) -> None:
        """Let go of an attempt until the delay is over; without a delay it waits for an operator.

        Whoever lost the claim to another changes nothing.
        """
        columns = self._table.c
        self._connection.execute(
            update(self._table)
            .where(self._subject == subject_id, columns.owner == owner, columns.state == "open")
            .values(
                state="operator" if delay is None else "open",
                tries=columns.tries + 1,
                owner=None,
                next_try_at=self._at + (delay or timedelta()),
                note=note,
            )
        )

    def settle(self, subject_id: UUID, note: str) -> None:
        """Close an attempt for good."""
        settled = update(self._table).where(self._subject == subject_id)
        self._connection.execute(settled.values(state="settled", owner=None, note=note))

    def wake(self, subject_id: UUID) -> None:
        """Make an open attempt due at once, unless somebody works on it."""
        columns = self._table.c
        self._connection.execute(
            update(self._table)
            .where(self._subject == subject_id, columns.state == "open", columns.owner.is_(None))
            .values(next_try_at=self._at)
        )
