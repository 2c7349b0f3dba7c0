"""Decisions about orders and the holds among them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, insert, select, text

from wallet.domain.errors import NeverHeldError, UnknownHoldError
from wallet.domain.funds import Refusal
from wallet.domain.holds import HeldFunds, Hold, OrderLabel, Outcome, PaymentMethod, Settlement
from wallet.domain.lots import Room
from wallet.storage.tables import holds, order_decisions

_HELD = text("""
    SELECT holds.*, hold_lots.charge_id, hold_lots.open_krw AS room_krw
    FROM holds
    LEFT JOIN hold_lots ON hold_lots.hold_id = holds.id AND hold_lots.open_krw > 0
    LEFT JOIN charge_lots ON charge_lots.charge_id = hold_lots.charge_id
    WHERE holds.order_id = :order_id
    ORDER BY charge_lots.credited_at, charge_lots.charge_id
""")

_SETTLE = text("""
    WITH settled AS (
      UPDATE holds
      SET captured_krw = :captured, released_krw = :released, open_krw = :open,
        cash_like_released_krw = :cash_like_released
      WHERE id = :hold_id AND captured_krw = :captured_before AND released_krw = :released_before
      RETURNING id
    ), share AS (
      SELECT settled.id AS hold_id, moved.*
      FROM settled, unnest(CAST(:charge_ids AS uuid[]), CAST(:spent AS bigint[]), CAST(:returned AS bigint[]))
        AS moved (charge_id, spent_krw, returned_krw)
    ), of_hold AS (
      UPDATE hold_lots
      SET open_krw = open_krw - share.spent_krw - share.returned_krw,
        spent_krw = hold_lots.spent_krw + share.spent_krw, returned_krw = hold_lots.returned_krw + share.returned_krw
      FROM share WHERE hold_lots.hold_id = share.hold_id AND hold_lots.charge_id = share.charge_id
    ), of_lots AS (
      UPDATE charge_lots
      SET held_krw = held_krw - share.spent_krw - share.returned_krw,
        spent_krw = charge_lots.spent_krw + share.spent_krw, free_krw = free_krw + share.returned_krw
      FROM share WHERE charge_lots.charge_id = share.charge_id
    )
    SELECT count(*) FROM settled
""")


class SqlHolds:
    """`Holds` over the tables of decisions and holds."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    def outcome(self, order_id: UUID) -> Outcome | None:
        """How the order was decided; None when it was not."""
        found = select(order_decisions.c.outcome).where(order_decisions.c.order_id == order_id)
        outcome = self._connection.scalar(found)
        return None if outcome is None else Outcome(outcome)

    def get(self, order_id: UUID) -> Hold:
        """Raises `UnknownHoldError` before the decision, `NeverHeldError` when it was another than a hold."""
        row = self._connection.execute(select(holds).where(holds.c.order_id == order_id)).one_or_none()
        if row is None:
            if self.outcome(order_id) is None:
                raise UnknownHoldError(order_id)
            raise NeverHeldError(order_id)
        return hold_of(row)

    def held(self, order_id: UUID) -> HeldFunds:
        """The hold with what it has open in its lots, oldest first. Raises as `get`."""
        rows = self._connection.execute(_HELD, {"order_id": order_id}).all()
        if not rows:
            return HeldFunds(self.get(order_id))
        rooms = tuple(Room(row.charge_id, row.room_krw) for row in rows if row.charge_id is not None)
        return HeldFunds(hold_of(rows[0]), rooms)

    def add(self, hold: Hold, label: OrderLabel) -> None:
        """Decide an order by a hold."""
        self._decide(hold.order_id, hold.company_id, Outcome.RESERVED)
        self._connection.execute(
            insert(holds).values(
                id=hold.id,
                order_id=hold.order_id,
                company_id=hold.company_id,
                member_id=hold.member_id,
                by_sub_member=hold.by_sub_member,
                method=hold.method.value,
                month=hold.month,
                amount_krw=hold.amount_krw,
                captured_krw=0,
                released_krw=0,
                open_krw=hold.amount_krw,
                cash_like_krw=hold.cash_like_krw,
                cash_like_released_krw=0,
                order_number=label.order_number,
                order_name=label.order_name,
                order_type=label.order_type,
                coupons=label.coupons,
                placed_at=hold.placed_at,
                reserved_at=self._at,
            )
        )

    def refuse(self, order_id: UUID, company_id: UUID, refusal: Refusal) -> None:
        """Decide an order by a refusal."""
        self._decide(
            order_id,
            company_id,
            Outcome.REFUSED,
            reason=refusal.reason.value,
            required_krw=refusal.required_krw,
            available_krw=refusal.available_krw,
        )

    def withdraw(self, order_id: UUID, company_id: UUID) -> None:
        """Decide an order that was withdrawn before it was judged: the tombstone."""
        self._decide(order_id, company_id, Outcome.WITHDRAWN)

    def settle(self, settlement: Settlement) -> bool:
        """Write what a settlement does to a hold and its lots; False, and nothing written, when it has changed."""
        before, after = settlement.before, settlement.after
        spent = [(share.charge_id, share.amount_krw, 0) for share in settlement.spent]
        returned = [(share.charge_id, 0, share.amount_krw) for share in settlement.returned]
        moved = spent + returned
        written = self._connection.execute(
            _SETTLE,
            {
                "hold_id": after.id,
                "captured_before": before.captured_krw,
                "released_before": before.released_krw,
                "captured": after.captured_krw,
                "released": after.released_krw,
                "open": after.open_krw,
                "cash_like_released": after.cash_like_released_krw,
                "charge_ids": [charge_id for charge_id, _, _ in moved],
                "spent": [spent_krw for _, spent_krw, _ in moved],
                "returned": [returned_krw for _, _, returned_krw in moved],
            },
        )
        return bool(written.scalar_one())

    def _decide(self, order_id: UUID, company_id: UUID, outcome: Outcome, **why: Any) -> None:
        self._connection.execute(
            insert(order_decisions).values(
                order_id=order_id, company_id=company_id, outcome=outcome.value, decided_at=self._at, **why
            )
        )


def hold_of(row: Row[Any]) -> Hold:
    """A row of the holds as the domain knows it."""
    return Hold(
        id=row.id,
        order_id=row.order_id,
        company_id=row.company_id,
        member_id=row.member_id,
        by_sub_member=row.by_sub_member,
        method=PaymentMethod(row.method),
        month=row.month,
        amount_krw=row.amount_krw,
        cash_like_krw=row.cash_like_krw,
        placed_at=row.placed_at,
        captured_krw=row.captured_krw,
        released_krw=row.released_krw,
        cash_like_released_krw=row.cash_like_released_krw,
    )
