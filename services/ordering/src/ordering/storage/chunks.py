"""Chunks and their coupons in PostgreSQL: claimed row by row, read and written a chunk at a time."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Update, and_, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from chassis.bulk import BulkUpdate
from chassis.columns import encrypt_text
from chassis.database import copy_rows
from ordering.application.sending_ports import ChunkCoupon, ChunkKey, CouponChange, TakenWave
from ordering.domain.attempt import Attempt, AttemptState
from ordering.domain.choice import ChosenBy, Pick
from ordering.domain.coupon import COUPON_STATES, CouponState, CouponStep
from ordering.storage.copies import offers
from ordering.storage.tables import (
    COUPON_NUMBER_PURPOSE,
    chunks,
    coupons,
    issue_attempts,
    order_items,
    order_lines,
    supplier_stops,
)

OPEN = "open"
DONE = "done"
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
    only=coupons.c.state.in_([state.value for state in COUPON_STATES.sources(CouponStep.NOT_ISSUED)]),
)
_OPEN_CHOICES = BulkUpdate(
    coupons,
    keys=("line_id",),
    changing=("choice_ends_at",),
    only=coupons.c.state == CouponState.AWAITING_CHOICE.value,
)


class PostgresChunks:
    """`Chunks` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def open_all(self, order_id: UUID, recipients: int, chunk_lines: int, at: datetime) -> None:
        """Lay out an order's chunks, due at once."""
        rows = [
            {
                "order_id": order_id,
                "chunk_no": chunk_no,
                "first_line_no": first_line_no,
                "last_line_no": min(first_line_no + chunk_lines - 1, recipients),
                "state": OPEN,
                "next_wave": 0,
                "next_at": at,
            }
            for chunk_no, first_line_no in enumerate(range(1, recipients + 1, chunk_lines))
        ]
        self._session.execute(insert(chunks), rows)

    def claim(self, at: datetime, owner: UUID, lease_seconds: float) -> ChunkKey | None:
        """Take the next chunk that is due and nobody's, for as long as the lease on the database's clock runs."""
        free = or_(chunks.c.lease_until.is_(None), chunks.c.lease_until < func.clock_timestamp())
        due = (
            select(chunks.c.order_id, chunks.c.chunk_no)
            .where(chunks.c.state == OPEN, chunks.c.next_at <= at, free)
            .order_by(chunks.c.chunk_no, chunks.c.next_at)
            .limit(1)
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        claimed = (
            update(chunks)
            .where(chunks.c.order_id == due.c.order_id, chunks.c.chunk_no == due.c.chunk_no)
            .values(owner=owner, lease_until=func.clock_timestamp() + timedelta(seconds=lease_seconds))
            .returning(chunks.c.order_id, chunks.c.chunk_no, chunks.c.first_line_no, chunks.c.last_line_no)
        )
        row = self._session.execute(claimed).one_or_none()
        return None if row is None else ChunkKey(*row)

    def lock(self, key: ChunkKey) -> int:
        """Lock the chunk until the transaction ends; its next wave."""
        statement = select(chunks.c.next_wave).where(_is_chunk(key)).with_for_update()
        next_wave: int = self._session.execute(statement).scalar_one()
        return next_wave

    def take_wave(self, order_id: UUID, line_id: UUID) -> TakenWave | None:
        """Lock the line's chunk and use up its next wave; None when the order has no such line being or been sent."""
        line_no = (
            select(order_lines.c.line_no)
            .where(order_lines.c.id == line_id, order_lines.c.order_id == order_id)
            .scalar_subquery()
        )
        taken = (
            update(chunks)
            .where(chunks.c.order_id == order_id, line_no.between(chunks.c.first_line_no, chunks.c.last_line_no))
            .values(next_wave=chunks.c.next_wave + 1)
            .returning(chunks.c.chunk_no, chunks.c.next_wave)
        )
        row = self._session.execute(taken).one_or_none()
        return None if row is None else TakenWave(row.chunk_no, row.next_wave - 1)

    def reopen(self, order_id: UUID, line_no: int, at: datetime) -> None:
        """Lock the line's chunk, and give it another turn: something is to be issued."""
        holds = and_(chunks.c.order_id == order_id, chunks.c.first_line_no <= line_no, chunks.c.last_line_no >= line_no)
        self._session.execute(_another_turn(at).where(holds))

    def reopen_due_choices(self, at: datetime) -> int:
        """Give each chunk that holds a choice whose time is over another turn; how many."""
        due = _holds_awaited_choice().where(coupons.c.choice_ends_at <= at)
        return self._changed(_another_turn(at).where(due.exists()))

    def reopen_stopped_choices(self, offer_id: UUID, at: datetime) -> int:
        """The same for chunks of choice orders with this offer of which nothing can be had any more; how many."""
        with_offer = select(order_items.c.order_id).where(order_items.c.offer_id == offer_id)
        item = order_items.alias("item")
        left = (
            select(item.c.item_no)
            .join(offers, offers.c.id == item.c.offer_id)
            .where(item.c.order_id == chunks.c.order_id, offers.c.on_sale)
        )
        stopped = and_(chunks.c.order_id.in_(with_offer), ~left.exists(), _holds_awaited_choice().exists())
        return self._changed(_another_turn(at).where(stopped))

    def _changed(self, statement: Update) -> int:
        return len(self._session.execute(statement.returning(chunks.c.chunk_no)).all())

    def finish_turn(self, key: ChunkKey, owner: UUID, next_wave: int, next_at: datetime | None) -> None:
        """Give the chunk back; `next_at` None closes it. Another's turn goes on, and only the wave is taken over."""
        self._session.execute(update(chunks).where(_is_chunk(key)).values(next_wave=next_wave))
        values: dict[str, Any] = {"owner": None, "lease_until": None}
        values |= {"state": DONE} if next_at is None else {"next_at": next_at}
        self._session.execute(update(chunks).where(_is_chunk(key), chunks.c.owner == owner).values(values))


class PostgresCoupons:
    """`Coupons` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_chunk(self, key: ChunkKey) -> Sequence[ChunkCoupon]:
        """All coupons of the chunk, by line and item."""
        same = and_(issue_attempts.c.line_id == coupons.c.line_id, issue_attempts.c.item_no == coupons.c.item_no)
        attempt = [issue_attempts.c[name].label(f"attempt_{name}") for name in _ATTEMPT_COLUMNS]
        statement = (
            select(
                coupons.c.line_id,
                coupons.c.item_no,
                coupons.c.state,
                coupons.c.choice_ends_at,
                coupons.c.chosen_by,
                *attempt,
            )
            .join(order_lines, order_lines.c.id == coupons.c.line_id)
            .outerjoin(issue_attempts, same)
            .where(lines_of(key))
            .order_by(order_lines.c.line_no, coupons.c.item_no)
        )
        return [
            ChunkCoupon(
                line_id=row.line_id,
                item_no=row.item_no,
                state=CouponState(row.state),
                attempt=_attempt(row),
                choice_ends_at=row.choice_ends_at,
                by_default=row.chosen_by == ChosenBy.DEFAULT,
            )
            for row in self._session.execute(statement)
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


class PostgresSupplierStops:
    """`SupplierStops` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def active(self, at: datetime) -> Mapping[str, datetime]:
        """Who is left alone, and until when."""
        statement = select(supplier_stops.c.supplier, supplier_stops.c.stopped_until)
        found = self._session.execute(statement.where(supplier_stops.c.stopped_until > at))
        return {row.supplier: row.stopped_until for row in found}

    def stop(self, supplier: str, code: str, until: datetime) -> None:
        """Leave a supplier alone for a while."""
        row = upsert(supplier_stops).values(supplier=supplier, code=code, stopped_until=until)
        self._session.execute(
            row.on_conflict_do_update(
                index_elements=[supplier_stops.c.supplier],
                set_={"code": row.excluded.code, "stopped_until": row.excluded.stopped_until},
            )
        )


def lines_of(key: ChunkKey) -> ColumnElement[bool]:
    """The condition that picks a chunk's lines."""
    return and_(
        order_lines.c.order_id == key.order_id,
        order_lines.c.line_no.between(key.first_line_no, key.last_line_no),
    )


def _another_turn(at: datetime) -> Update:
    return update(chunks).values(state=OPEN, next_at=func.least(chunks.c.next_at, at))


def _holds_awaited_choice() -> Select[Any]:
    """Coupons of the chunk in the enclosing statement that await a choice."""
    return (
        select(coupons.c.line_id)
        .join(order_lines, order_lines.c.id == coupons.c.line_id)
        .where(
            order_lines.c.order_id == chunks.c.order_id,
            order_lines.c.line_no.between(chunks.c.first_line_no, chunks.c.last_line_no),
            coupons.c.state == CouponState.AWAITING_CHOICE.value,
        )
        .correlate(chunks)
    )


def _is_chunk(key: ChunkKey) -> ColumnElement[bool]:
    return and_(chunks.c.order_id == key.order_id, chunks.c.chunk_no == key.chunk_no)


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
