"""Chunks and their coupons in PostgreSQL: claimed row by row, read and written a chunk at a time."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Interval,
    Select,
    Update,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from ordering.application.sending_ports import ChunkKey, TakenWave
from ordering.domain.coupon import CouponState
from ordering.storage.copies import offers
from ordering.storage.tables import (
    chunks,
    coupons,
    order_items,
    order_lines,
)

OPEN = "open"
DONE = "done"
IN_CHUNK = and_(
    order_lines.c.order_id == bindparam("order_id"),
    order_lines.c.line_no.between(bindparam("first_line_no"), bindparam("last_line_no")),
)
"""Picks the lines of a `ChunkKey`, whose fields are the parameters; statements of every turn are made once."""

_DUE = (
    select(chunks.c.order_id, chunks.c.chunk_no)
    .where(
        chunks.c.state == OPEN,
        chunks.c.next_at <= bindparam("at"),
        or_(chunks.c.lease_until.is_(None), chunks.c.lease_until < func.clock_timestamp()),
    )
    .order_by(chunks.c.chunk_no, chunks.c.next_at)
    .limit(1)
    .with_for_update(skip_locked=True)
    .cte("due")
)
_CLAIM = (
    update(chunks)
    .where(chunks.c.order_id == _DUE.c.order_id, chunks.c.chunk_no == _DUE.c.chunk_no)
    .values(owner=bindparam("by"), lease_until=func.clock_timestamp() + bindparam("lease", type_=Interval()))
    .returning(chunks.c.order_id, chunks.c.chunk_no, chunks.c.first_line_no, chunks.c.last_line_no)
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
        asked = {"at": at, "by": owner, "lease": timedelta(seconds=lease_seconds)}
        row = self._session.execute(_CLAIM, asked).one_or_none()
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
