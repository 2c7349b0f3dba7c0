"""Our side of a reconciliation: charges with what was credited and what was sent back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from wallet.application.check_ports import BookedCharge
from wallet.domain.charge import ChargeState
from wallet.domain.reconciliation import BookedSums
from wallet.storage.cancellation_tables import charge_cancellations
from wallet.storage.tables import charges

_SENT_BACK = and_(charge_cancellations.c.charge_id == charges.c.id, charge_cancellations.c.state.in_(("open", "done")))
"""A try that is still open is being asked for already; a charge has one of the two at most."""


class SqlReconciliations:
    """`Reconciliations` over charges and their cancellations."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_orders(self, provider_order_ids: Sequence[str]) -> Mapping[str, BookedCharge]:
        """The charges among these."""
        ids = [charge_id for charge_id in map(_charge_id, provider_order_ids) if charge_id is not None]
        return self._booked(charges.c.id.in_(ids)) if ids else {}

    def paid_between(self, start: datetime, end: datetime) -> Mapping[str, BookedCharge]:
        """Credited charges whose payment the provider dates so."""
        return self._booked(and_(charges.c.approved_at >= start, charges.c.approved_at < end))

    def sent_back_between(self, start: datetime, end: datetime) -> Mapping[str, BookedCharge]:
        """Charges whose cancellation was done then."""
        ended_at = charge_cancellations.c.ended_at
        return self._booked(and_(ended_at >= start, ended_at < end))

    def _booked(self, which: ColumnElement[bool]) -> Mapping[str, BookedCharge]:
        is_credited = and_(charges.c.credited_at.is_not(None), charges.c.state != ChargeState.TAKEN_BACK.value)
        sent_back = charge_cancellations.c.amount_krw - charge_cancellations.c.fee_krw
        found = (
            select(
                charges.c.id,
                charges.c.company_id,
                charges.c.amount_krw,
                case((is_credited, charges.c.amount_krw), else_=0).label("collected_krw"),
                func.coalesce(sent_back, 0).label("sent_back_krw"),
            )
            .outerjoin(charge_cancellations, _SENT_BACK)
            .where(which)
        )
        return {str(row.id): _booked(row) for row in self._connection.execute(found)}


def _booked(row: Any) -> BookedCharge:
    return BookedCharge(row.id, row.company_id, BookedSums(row.amount_krw, row.collected_krw, row.sent_back_krw))


def _charge_id(provider_order_id: str) -> UUID | None:
    try:
        return UUID(provider_order_id)
    except ValueError:
        return None
