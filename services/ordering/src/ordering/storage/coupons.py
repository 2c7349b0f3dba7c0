"""Coupons and the attempts to have them issued, in PostgreSQL, a chunk at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, select, update
from sqlalchemy.orm import Session

from chassis.bulk import BulkUpdate
from chassis.columns import encrypt_text
from chassis.database import copy_rows
from ordering.application.sending_ports import ChunkCoupon, ChunkKey, CouponChange
from ordering.domain.attempt import Attempt, AttemptState
from ordering.domain.choice import ChosenBy, Pick
from ordering.domain.coupon import COUPON_STATES, CouponState, CouponStep
from ordering.storage.chunks import IN_CHUNK
from ordering.storage.tables import COUPON_NUMBER_PURPOSE, coupons, issue_attempts, order_lines

_ATTEMPT_COLUMNS = (
    "line_id",
    "item_no",
    "tr_id",
    "state",
    "asked",
    "next_at",
    "called_at",
    "unknown_since",
    "code",
)
_CHANGE_ATTEMPTS = BulkUpdate(
    issue_attempts,
    keys=("line_id", "item_no"),
    changing=("state", "asked", "next_at", "called_at", "unknown_since", "code"),
)
_RECORD = BulkUpdate(
    coupons,
    keys=("line_id", "item_no"),
    changing=("state", "number", "supplier_order_no", "expires_at", "issued_at", "failure_code"),
    only=("state", [state.value for state in COUPON_STATES.sources(CouponStep.NOT_ISSUED)]),
)
_OPEN_CHOICES = BulkUpdate(
    coupons,
    keys=("line_id",),
    changing=("choice_ends_at",),
    only=("state", [CouponState.AWAITING_CHOICE.value]),
)
_COUPONS_OF_CHUNK = (
    select(
        coupons.c.line_id,
        coupons.c.item_no,
        coupons.c.state,
        coupons.c.choice_ends_at,
        coupons.c.chosen_by,
        *(issue_attempts.c[name].label(f"attempt_{name}") for name in _ATTEMPT_COLUMNS),
    )
    .join(order_lines, order_lines.c.id == coupons.c.line_id)
    .outerjoin(
        issue_attempts,
        and_(issue_attempts.c.line_id == coupons.c.line_id, issue_attempts.c.item_no == coupons.c.item_no),
    )
    .where(IN_CHUNK)
    .order_by(order_lines.c.line_no, coupons.c.item_no)
)


class PostgresCoupons:
    """`Coupons` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_chunk(self, key: ChunkKey) -> Sequence[ChunkCoupon]:
        """All coupons of the chunk, by line and item."""
        return [
            ChunkCoupon(
                line_id=row.line_id,
                item_no=row.item_no,
                state=CouponState(row.state),
                attempt=_attempt(row),
                choice_ends_at=row.choice_ends_at,
                by_default=row.chosen_by == ChosenBy.DEFAULT,
            )
            for row in self._session.execute(_COUPONS_OF_CHUNK, asdict(key))
        ]

    def add_attempts(self, attempts: Sequence[Attempt]) -> None:
        """Store new attempts."""
        if attempts:
            copy_rows(self._session, issue_attempts, _ATTEMPT_COLUMNS, map(_attempt_values, attempts))

    def change_attempts(self, attempts: Sequence[Attempt]) -> None:
        """Store what attempts have become."""
        rows = [
            (
                attempt.line_id,
                attempt.item_no,
                attempt.state.value,
                attempt.asked,
                attempt.next_at,
                attempt.called_at,
                attempt.unknown_since,
                attempt.code,
            )
            for attempt in attempts
        ]
        _CHANGE_ATTEMPTS.execute(self._session, rows)

    def record(self, changes: Sequence[CouponChange]) -> None:
        """Store what became of coupons."""
        rows = [
            (
                change.line_id,
                change.item_no,
                change.state.value,
                None if change.number is None else encrypt_text(COUPON_NUMBER_PURPOSE, change.number),
                change.supplier_order_no,
                change.expires_at,
                change.issued_at,
                change.failure_code,
            )
            for change in changes
        ]
        _RECORD.execute(self._session, rows)

    def choose(self, picks: Sequence[Pick]) -> int:
        """Store picks; only a coupon that awaits its choice takes one. How many did."""
        awaited = [state.value for state in COUPON_STATES.sources(CouponStep.CHOSEN)]
        taken = 0
        for pick in picks:
            chosen = (
                update(coupons)
                .where(
                    coupons.c.line_id == pick.line_id,
                    coupons.c.item_no == pick.from_item_no,
                    coupons.c.state.in_(awaited),
                )
                .values(
                    item_no=pick.item_no,
                    state=CouponState.WAITING.value,
                    chosen_by=pick.by.value,
                    chosen_at=pick.at,
                )
                .returning(coupons.c.line_id)
            )
            taken += len(self._session.execute(chosen).all())
        return taken

    def undo_choices(self, line_ids: Sequence[UUID], default_item_no: int) -> None:
        """Let these recipients pick again: what they picked was not issued."""
        undoable = [state.value for state in COUPON_STATES.sources(CouponStep.CHOICE_UNDONE)]
        self._session.execute(
            update(coupons)
            .where(coupons.c.line_id.in_(line_ids), coupons.c.state.in_(undoable))
            .values(item_no=default_item_no, state=CouponState.AWAITING_CHOICE.value, chosen_by=None, chosen_at=None)
        )

    def open_choices(self, ends_at: Mapping[UUID, datetime]) -> None:
        """Store until when these recipients may choose; only where a choice is awaited."""
        _OPEN_CHOICES.execute(self._session, list(ends_at.items()))


def _attempt_values(attempt: Attempt) -> tuple[object, ...]:
    return tuple(getattr(attempt, name) for name in _ATTEMPT_COLUMNS)


def _attempt(row: Row[Any]) -> Attempt | None:
    if row.attempt_line_id is None:
        return None
    return Attempt(
        line_id=row.attempt_line_id,
        item_no=row.attempt_item_no,
        tr_id=row.attempt_tr_id,
        state=AttemptState(row.attempt_state),
        asked=row.attempt_asked,
        next_at=row.attempt_next_at,
        called_at=row.attempt_called_at,
        unknown_since=row.attempt_unknown_since,
        code=row.attempt_code,
    )
