"""Recipients in PostgreSQL."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from chassis.bulk import BulkUpdate
from ordering.application.sending_ports import ChunkKey, ChunkLine, ReportedLine, ToldLine
from ordering.domain.coupon import CouponState
from ordering.domain.dispatch import DISPATCH_STATES, DispatchState, DispatchStep
from ordering.storage.chunks import IN_CHUNK
from ordering.storage.tables import coupons, order_lines

_MARKS = (order_lines.c.id, order_lines.c.dispatch, order_lines.c.dispatch_wave, order_lines.c.link_key_id)
_MARKS_OF_CHUNK = select(*_MARKS).where(IN_CHUNK)
_OF_CHUNK = (
    select(*_MARKS, order_lines.c.phone, order_lines.c.name, order_lines.c.company)
    .where(IN_CHUNK)
    .order_by(order_lines.c.line_no)
)
_ASK_FOR = BulkUpdate(order_lines, keys=("id",), changing=("dispatch_wave", "link_key_id", "link_hash"))
_REPORT = BulkUpdate(order_lines, keys=("id",), changing=("dispatch", "channel", "dispatch_code", "dispatch_ended_at"))


class PostgresLines:
    """`Lines` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_chunk(self, key: ChunkKey) -> Sequence[ChunkLine]:
        """All lines of the chunk, in order."""
        return [_line(row) for row in self._session.execute(_OF_CHUNK, asdict(key))]

    def refreshed(self, key: ChunkKey, lines: Sequence[ChunkLine]) -> Sequence[ChunkLine]:
        """The chunk's lines, read before, with what became of their messages since; who they are does not change."""
        rows = {row.id: row for row in self._session.execute(_MARKS_OF_CHUNK, asdict(key))}
        return [_with_marks(line, rows[line.line_id]) for line in lines]

    def ask_for(self, link_hashes: Mapping[UUID, bytes], key_id: str, wave: int) -> None:
        """Note that these lines' messages were asked for, and by what their links are found."""
        rows = [(line_id, wave, key_id, found_by) for line_id, found_by in link_hashes.items()]
        _ASK_FOR.execute(self._session, rows)

    def fail(self, line_ids: Sequence[UUID], at: datetime) -> None:
        """Note that nothing is sent to these lines."""
        sources = [state.value for state in DISPATCH_STATES.sources(DispatchStep.NOTHING_ISSUED)]
        self._session.execute(
            update(order_lines)
            .where(order_lines.c.id.in_(line_ids), order_lines.c.dispatch.in_(sources))
            .values(dispatch=DispatchState.ERROR.value, dispatch_ended_at=at)
        )

    def lock_dispatches(self, order_id: UUID, line_ids: Iterable[UUID]) -> dict[UUID, DispatchState]:
        """The present dispatch of those of the lines that are the order's, locked."""
        statement = (
            select(order_lines.c.id, order_lines.c.dispatch)
            .where(order_lines.c.order_id == order_id, order_lines.c.id.in_(list(line_ids)))
            .order_by(order_lines.c.id)
            .with_for_update()
        )
        return {row.id: DispatchState(row.dispatch) for row in self._session.execute(statement)}

    def sent(self, order_id: UUID, line_id: UUID) -> ToldLine | None:
        """One recipient of the order."""
        statement = select(order_lines).where(order_lines.c.id == line_id, order_lines.c.order_id == order_id)
        row = self._session.execute(statement).one_or_none()
        if row is None:
            return None
        states = self._session.execute(select(coupons.c.state).where(coupons.c.line_id == line_id)).scalars()
        return ToldLine(_line(row), row.resends, row.resend_wave, tuple(map(CouponState, states)))

    def note_resend(self, line_id: UUID, wave: int) -> None:
        """Count a resend that was asked for in a wave."""
        noted = update(order_lines).where(order_lines.c.id == line_id)
        self._session.execute(noted.values(resends=order_lines.c.resends + 1, resend_wave=wave))

    def end_resends(self, line_ids: Iterable[UUID], wave: int) -> None:
        """The reports of a wave came: resends asked for in it are over."""
        over = update(order_lines).where(order_lines.c.id.in_(list(line_ids)), order_lines.c.resend_wave == wave)
        self._session.execute(over.values(resend_wave=None))

    def report(self, lines: Sequence[ReportedLine]) -> None:
        """Store how messages ended."""
        rows = [(line.line_id, line.dispatch.value, line.channel, line.code, line.at) for line in lines]
        _REPORT.execute(self._session, rows)


def _with_marks(line: ChunkLine, row: Any) -> ChunkLine:
    return replace(
        line,
        dispatch=DispatchState(row.dispatch),
        is_asked_for=row.dispatch_wave is not None,
        link_key_id=row.link_key_id,
    )


def _line(row: Any) -> ChunkLine:
    return ChunkLine(
        line_id=row.id,
        phone=row.phone,
        name=row.name,
        company=row.company,
        dispatch=DispatchState(row.dispatch),
        is_asked_for=row.dispatch_wave is not None,
        link_key_id=row.link_key_id,
    )
