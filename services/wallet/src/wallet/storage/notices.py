"""The provider's notices, kept raw. Leases are counted by the database's own clock, waits by business time."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from wallet.application.notice_ports import ClaimedNotice, Notice
from wallet.storage.tables import payment_notices

_NOW = func.clock_timestamp()


class SqlNotices:
    """`Notices` over their table."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    def keep(self, notice: Notice) -> None:
        """Keep a notice; one of the same transmission is kept once."""
        row = insert(payment_notices).values(
            id=notice.id,
            transmission_id=notice.transmission_id,
            body=notice.body,
            headers=notice.headers,
            received_at=self._at,
            state="open",
            tries=0,
            next_try_at=self._at,
        )
        self._connection.execute(row.on_conflict_do_nothing(index_elements=[payment_notices.c.transmission_id]))

    def claim_due(self, lease: timedelta) -> ClaimedNotice | None:
        """Claim one notice that is due; None when there is none."""
        due = (
            select(payment_notices.c.id)
            .where(
                payment_notices.c.state == "open",
                payment_notices.c.next_try_at <= self._at,
                or_(payment_notices.c.lease_ends_at.is_(None), payment_notices.c.lease_ends_at <= _NOW),
            )
            .order_by(payment_notices.c.next_try_at)
            .limit(1)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        row = self._connection.execute(
            update(payment_notices)
            .where(payment_notices.c.id == due)
            .values(lease_ends_at=_NOW + lease)
            .returning(payment_notices.c.id, payment_notices.c.body, payment_notices.c.tries)
        ).one_or_none()
        return None if row is None else ClaimedNotice(row.id, row.body, row.tries)

    def postpone(self, notice_id: UUID, delay: timedelta, note: str) -> None:
        """Let a notice come again after the delay."""
        self._connection.execute(
            update(payment_notices)
            .where(payment_notices.c.id == notice_id)
            .values(tries=payment_notices.c.tries + 1, next_try_at=self._at + delay, lease_ends_at=None, note=note)
        )

    def close(self, notice_id: UUID, note: str) -> None:
        """Be done with a notice."""
        self._connection.execute(
            update(payment_notices)
            .where(payment_notices.c.id == notice_id)
            .values(state="closed", tries=payment_notices.c.tries + 1, lease_ends_at=None, note=note)
        )
