"""Present state, read in batches to be said again."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Table, select
from sqlalchemy.orm import Session

from contracts.event import StateEvent
from identity.application import messages
from identity.application.ports import Sealer
from identity.storage.companies import company_of
from identity.storage.members import member_of
from identity.storage.tables import companies, members

_BATCH_ROWS = 200


def company_batches(session: Session) -> Iterator[Sequence[StateEvent]]:
    """Every company as it is now."""
    return _batches(session, companies, lambda row: messages.company_changed(company_of(row)))


def cash_like_batches(session: Session) -> Iterator[Sequence[StateEvent]]:
    """Every cash-like permission that an operator ever spoke about, as it is now."""
    said = companies.c.cash_like_version > 0
    return _batches(session, companies, lambda row: messages.cash_like_granted(company_of(row)), said)


def member_batches(session: Session, sealer: Sealer) -> Iterator[Sequence[StateEvent]]:
    """Every member as it is now."""
    return _batches(session, members, lambda row: messages.member_state_changed(member_of(row), sealer))


def _batches(
    session: Session,
    table: Table,
    event_of: Callable[[Row[Any]], StateEvent],
    which: ColumnElement[bool] | None = None,
) -> Iterator[Sequence[StateEvent]]:
    """In the order of ids, each batch by a statement of its own: what is changed meanwhile is said as it then is."""
    after: UUID | None = None
    while True:
        statement = select(table).order_by(table.c.id).limit(_BATCH_ROWS)
        if which is not None:
            statement = statement.where(which)
        rows = session.execute(statement if after is None else statement.where(table.c.id > after)).all()
        if not rows:
            return
        yield [event_of(row) for row in rows]
        after = rows[-1].id
