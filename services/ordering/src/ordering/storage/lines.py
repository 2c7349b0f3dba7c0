"""Recipients in PostgreSQL."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from ordering.application.sending_ports import ChunkKey, ChunkLine, ReportedLine
from ordering.domain.dispatch import DISPATCH_STATES, DispatchState, DispatchStep
from ordering.storage.chunks import lines_of
from ordering.storage.tables import order_lines


class PostgresLines:
    """`Lines` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_chunk(self, key: ChunkKey) -> Sequence[ChunkLine]:
        """All lines of the chunk, in order."""
        statement = (
            select(
                order_lines.c.id,
                order_lines.c.phone,
                order_lines.c.name,
                order_lines.c.company,
                order_lines.c.dispatch,
                order_lines.c.dispatch_wave,
            )
            .where(lines_of(key))
            .order_by(order_lines.c.line_no)
        )
        return [
            ChunkLine(
                line_id=row.id,
                phone=row.phone,
                name=row.name,
                company=row.company,
                dispatch=DispatchState(row.dispatch),
                is_asked_for=row.dispatch_wave is not None,
            )
            for row in self._session.execute(statement)
        ]

    def ask_for(self, link_hashes: Mapping[UUID, bytes], key_id: str, wave: int) -> None:
        """Note that these lines' messages were asked for, and by what their links are found."""
        statement = (
            update(order_lines)
            .where(order_lines.c.id == bindparam("of_line_id"))
            .values(dispatch_wave=wave, link_key_id=key_id, link_hash=bindparam("new_link_hash"))
        )
        rows = [{"of_line_id": line_id, "new_link_hash": found_by} for line_id, found_by in link_hashes.items()]
        self._session.connection().execute(statement, rows)

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

    def report(self, lines: Sequence[ReportedLine]) -> None:
        """Store how messages ended."""
        statement = (
            update(order_lines)
            .where(order_lines.c.id == bindparam("of_line_id"))
            .values(
                dispatch=bindparam("new_dispatch"),
                channel=bindparam("new_channel"),
                dispatch_code=bindparam("new_code"),
                dispatch_ended_at=bindparam("new_at"),
            )
        )
        self._session.connection().execute(
            statement,
            [
                {
                    "of_line_id": line.line_id,
                    "new_dispatch": line.dispatch,
                    "new_channel": line.channel,
                    "new_code": line.code,
                    "new_at": line.at,
                }
                for line in lines
            ],
        )
