"""Where the provider's record and ours differ: each kept once by its key, until an operator resolves it."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects.postgresql import insert

from wallet.domain.difference import DifferenceKind, PaymentDifference, UnknownDifferenceError
from wallet.storage.payment_tables import payment_differences


class SqlDifferences:
    """`Differences` over their table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def report(self, difference: PaymentDifference) -> bool:
        """Keep a difference; False when one of its key is known already, resolved or not."""
        row = insert(payment_differences).values({**asdict(difference), "kind": difference.kind.value})
        once = row.on_conflict_do_nothing(index_elements=[payment_differences.c.key])
        return self._connection.scalar(once.returning(payment_differences.c.id)) is not None

    def get(self, difference_id: UUID) -> PaymentDifference:
        """The difference, its row held until the transaction ends. Raises `UnknownDifferenceError`."""
        found = select(payment_differences).where(payment_differences.c.id == difference_id).with_for_update()
        row = self._connection.execute(found).one_or_none()
        if row is None:
            raise UnknownDifferenceError(difference_id)
        return _difference(row)

    def resolve(self, difference: PaymentDifference) -> None:
        """Write how an operator resolved it."""
        self._connection.execute(
            update(payment_differences)
            .where(payment_differences.c.id == difference.id)
            .values(resolved_at=difference.resolved_at, resolved_by=difference.resolved_by, reason=difference.reason)
        )

    def listed(self, *, resolved: bool | None, before: UUID | None, rows_max: int) -> Sequence[PaymentDifference]:
        """Differences, newest first, from before one on; of one kind of ending, or all."""
        found = select(payment_differences).order_by(payment_differences.c.id.desc()).limit(rows_max)
        if before is not None:
            found = found.where(payment_differences.c.id < before)
        if resolved is not None:
            is_open = payment_differences.c.resolved_at.is_(None)
            found = found.where(~is_open if resolved else is_open)
        return [_difference(row) for row in self._connection.execute(found)]


def _difference(row: Row[Any]) -> PaymentDifference:
    values = row._asdict()
    return PaymentDifference(**{**values, "kind": DifferenceKind(values["kind"])})
