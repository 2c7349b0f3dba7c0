"""Decisions about orders and the holds among them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from wallet.domain.errors import NeverHeldError, UnknownHoldError
from wallet.domain.funds import Refusal
from wallet.domain.holds import Hold, OrderLabel, Outcome, PaymentMethod
from wallet.storage.tables import holds, order_decisions


class SqlHolds:
    """`Holds` over the tables of decisions and holds."""

    def __init__(self, session: Session, at: datetime) -> None:
        self._session = session
        self._at = at

    def outcome(self, order_id: UUID) -> Outcome | None:
        """How the order was decided; None when it was not."""
        found = select(order_decisions.c.outcome).where(order_decisions.c.order_id == order_id)
        outcome = self._session.scalar(found)
        return None if outcome is None else Outcome(outcome)

    def get(self, order_id: UUID) -> Hold:
        """Raises `UnknownHoldError` before the decision, `NeverHeldError` when it was another than a hold."""
        row = self._session.execute(select(holds).where(holds.c.order_id == order_id)).one_or_none()
        if row is None:
            if self.outcome(order_id) is None:
                raise UnknownHoldError(order_id)
            raise NeverHeldError(order_id)
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

    def add(self, hold: Hold, label: OrderLabel) -> None:
        """Decide an order by a hold."""
        self._decide(hold.order_id, hold.company_id, Outcome.RESERVED)
        self._session.execute(
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

    def save(self, hold: Hold) -> None:
        """Write what is captured and released of a hold that was read under a posting of its company."""
        self._session.execute(
            update(holds)
            .where(holds.c.id == hold.id)
            .values(
                captured_krw=hold.captured_krw,
                released_krw=hold.released_krw,
                open_krw=hold.open_krw,
                cash_like_released_krw=hold.cash_like_released_krw,
            )
        )

    def _decide(self, order_id: UUID, company_id: UUID, outcome: Outcome, **why: Any) -> None:
        self._session.execute(
            insert(order_decisions).values(
                order_id=order_id, company_id=company_id, outcome=outcome.value, decided_at=self._at, **why
            )
        )
