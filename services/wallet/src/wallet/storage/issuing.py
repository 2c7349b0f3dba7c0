"""What was captured by month of issue, the months that ordering closed, and revoked coupons."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, exists, func, insert, select, text, tuple_, update

from wallet.domain.holds import HeldFunds
from wallet.domain.issuing import Capture, ClosedMonth, Issued, MonthState, Revocation
from wallet.domain.lots import Room, Share
from wallet.storage.holds import hold_of
from wallet.storage.invoice_tables import captures, issuing_months, revocations, revoked_months

_ADD = text("""
    WITH kept AS (
      INSERT INTO captures (order_id, chunk_no, wave, company_id, month, coupons, amount_krw, issued_at)
      VALUES (:order_id, :chunk_no, :wave, :company_id, :month, :coupons, :amount_krw, :issued_at)
      ON CONFLICT DO NOTHING
      RETURNING company_id, month
    )
    SELECT issuing_months.state FROM kept JOIN issuing_months USING (company_id, month)
""")

_SPENT = text("""
    SELECT holds.*, hold_lots.charge_id, hold_lots.spent_krw AS room_krw
    FROM holds
    LEFT JOIN hold_lots ON hold_lots.hold_id = holds.id AND hold_lots.spent_krw > 0
    LEFT JOIN charge_lots ON charge_lots.charge_id = hold_lots.charge_id
    WHERE holds.order_id = :order_id
    ORDER BY charge_lots.credited_at, charge_lots.charge_id
""")

_GIVE_BACK = text("""
    WITH repaid AS (
      UPDATE holds
      SET captured_krw = captured_krw - :amount_krw, released_krw = released_krw + :amount_krw,
        cash_like_released_krw = cash_like_released_krw + :cash_like_krw
      WHERE id = :hold_id
      RETURNING id
    ), share AS (
      SELECT repaid.id AS hold_id, moved.*
      FROM repaid, unnest(CAST(:charge_ids AS uuid[]), CAST(:amounts AS bigint[])) AS moved (charge_id, amount_krw)
    ), of_hold AS (
      UPDATE hold_lots
      SET spent_krw = spent_krw - share.amount_krw, returned_krw = returned_krw + share.amount_krw
      FROM share WHERE hold_lots.hold_id = share.hold_id AND hold_lots.charge_id = share.charge_id
    )
    UPDATE charge_lots
    SET spent_krw = spent_krw - share.amount_krw, free_krw = free_krw + share.amount_krw
    FROM share WHERE charge_lots.charge_id = share.charge_id
""")


class SqlIssuingMonths:
    """`IssuingMonths` over captures and closed months."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, capture: Capture) -> MonthState | None:
        """Keep a capture; the state of its month when that was closed before, None while it is open."""
        state = self._connection.scalar(
            _ADD,
            {
                "order_id": capture.chunk.order_id,
                "chunk_no": capture.chunk.chunk_no,
                "wave": capture.chunk.wave,
                "company_id": capture.company_id,
                "month": capture.month,
                "coupons": capture.issued.coupons,
                "amount_krw": capture.issued.amount_krw,
                "issued_at": capture.issued_at,
            },
        )
        return None if state is None else MonthState(state)

    def note_late(self, company_id: UUID, month: str, issued: Issued) -> None:
        """Note that coupons were captured after their month was settled."""
        late = {
            "late_coupons": issuing_months.c.late_coupons + issued.coupons,
            "late_krw": issuing_months.c.late_krw + issued.amount_krw,
        }
        self._connection.execute(update(issuing_months).where(*_is(company_id, month)).values(late))

    def close(self, company_id: UUID, month: str, counted: Issued, closed_at: datetime) -> None:
        """Keep what ordering counted of a month."""
        self._connection.execute(
            insert(issuing_months).values(
                company_id=company_id,
                month=month,
                state=MonthState.WAITING.value,
                coupons=counted.coupons,
                amount_krw=counted.amount_krw,
                closed_at=closed_at,
            )
        )

    def closed(self, company_id: UUID, month: str) -> ClosedMonth | None:
        """A closed month as it stands; None when it was not closed."""
        row = self._connection.execute(_closed_months().where(*_is(company_id, month))).one_or_none()
        return None if row is None else _closed(row)

    def settle(self, company_id: UUID, month: str, state: MonthState, invoice_id: UUID | None, at: datetime) -> None:
        """Note that a month was settled, with or without an invoice; nothing of it is late any more."""
        settled = {"state": state.value, "invoice_id": invoice_id, "settled_at": at, "late_coupons": 0, "late_krw": 0}
        self._connection.execute(update(issuing_months).where(*_is(company_id, month)).values(settled))

    def page(
        self, *, state: MonthState | None, is_late: bool | None, after: tuple[str, UUID] | None, rows_max: int
    ) -> Sequence[ClosedMonth]:
        """Closed months of all companies, by month and company, from after one on."""
        found = _closed_months().order_by(issuing_months.c.month, issuing_months.c.company_id).limit(rows_max)
        if state is not None:
            found = found.where(issuing_months.c.state == state.value)
        if is_late is not None:
            found = found.where((issuing_months.c.late_coupons > 0).is_(is_late))
        if after is not None:
            found = found.where(tuple_(issuing_months.c.month, issuing_months.c.company_id) > after)
        return [_closed(row) for row in self._connection.execute(found)]


def _is(company_id: UUID, month: str) -> tuple[Any, Any]:
    return issuing_months.c.company_id == company_id, issuing_months.c.month == month


def _closed_months() -> Any:
    ours = (captures.c.company_id == issuing_months.c.company_id, captures.c.month == issuing_months.c.month)
    return select(
        issuing_months,
        select(func.coalesce(func.sum(captures.c.coupons), 0)).where(*ours).scalar_subquery().label("captured_coupons"),
        select(func.coalesce(func.sum(captures.c.amount_krw), 0)).where(*ours).scalar_subquery().label("captured_krw"),
    )


def _closed(row: Row[Any]) -> ClosedMonth:
    return ClosedMonth(
        company_id=row.company_id,
        month=row.month,
        state=MonthState(row.state),
        counted=Issued(row.coupons, row.amount_krw),
        captured=Issued(int(row.captured_coupons), int(row.captured_krw)),
        closed_at=row.closed_at,
        invoice_id=row.invoice_id,
        late=Issued(row.late_coupons, row.late_krw),
    )


class SqlRevocations:
    """`Revocations` over their tables and the holds'."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def is_known(self, revocation_id: UUID) -> bool:
        """Whether the revocation was applied before."""
        return bool(self._connection.scalar(select(exists().where(revocations.c.id == revocation_id))))

    def issued_of(self, order_id: UUID, month: str) -> Issued:
        """What of an order was issued in a month and not revoked so far."""
        found = [
            self._connection.execute(
                select(
                    func.coalesce(func.sum(table.c.coupons), 0), func.coalesce(func.sum(table.c.amount_krw), 0)
                ).where(table.c.order_id == order_id, table.c.month == month)
            ).one()
            for table in (captures, revoked_months)
        ]
        (coupons, amount_krw), (revoked_coupons, revoked_krw) = found
        return Issued(int(coupons - revoked_coupons), int(amount_krw - revoked_krw))

    def add(self, revocation: Revocation, carried_months: Sequence[str]) -> None:
        """Keep a revocation; what was issued in `carried_months` had been invoiced, and is carried over."""
        self._connection.execute(
            insert(revocations).values(
                id=revocation.id,
                order_id=revocation.order_id,
                company_id=revocation.company_id,
                repaid=revocation.repaid,
                coupons=revocation.issued.coupons,
                amount_krw=revocation.issued.amount_krw,
                cash_like_krw=revocation.cash_like_krw,
                revoked_at=revocation.revoked_at,
            )
        )
        rows = [
            {
                "revocation_id": revocation.id,
                "month": month,
                "company_id": revocation.company_id,
                "order_id": revocation.order_id,
                "coupons": issued.coupons,
                "amount_krw": issued.amount_krw,
                "reduces": month not in carried_months,
            }
            for month, issued in revocation.months
        ]
        if rows:
            self._connection.execute(insert(revoked_months), rows)

    def spent(self, order_id: UUID) -> HeldFunds:
        """An order's hold with what it has spent of its lots, oldest first."""
        rows = self._connection.execute(_SPENT, {"order_id": order_id}).all()
        rooms = tuple(Room(row.charge_id, row.room_krw) for row in rows if row.charge_id is not None)
        return HeldFunds(hold_of(rows[0]), rooms)

    def give_back(self, before: HeldFunds, amount_krw: int, cash_like_krw: int, shares: Sequence[Share]) -> None:
        """Turn captured money of a hold into released, and spent shares of its lots into free ones."""
        self._connection.execute(
            _GIVE_BACK,
            {
                "hold_id": before.hold.id,
                "amount_krw": amount_krw,
                "cash_like_krw": cash_like_krw,
                "charge_ids": [share.charge_id for share in shares],
                "amounts": [share.amount_krw for share in shares],
            },
        )
