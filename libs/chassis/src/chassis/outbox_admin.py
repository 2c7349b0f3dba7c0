"""What waits, on the admin port: messages for the broker, and facts for what they refer to."""

from typing import Any
from uuid import UUID

from flask_openapi3 import APIBlueprint
from pydantic import AwareDatetime, BaseModel
from sqlalchemy import select, tuple_
from sqlalchemy.engine import Row

from chassis.access import operators
from chassis.database import Database
from chassis.masking import shown
from chassis.paging import PageQuery, page_of, read_cursor
from chassis.tables import outbox, parked_events

ROLES = frozenset({"support", "admin"})


class OutboxRowOut(BaseModel):
    """A message that the broker has not confirmed yet."""

    seq: int
    message_id: UUID
    type: str
    exchange: str
    routing_key: str
    message: dict[str, Any] | None
    tries: int
    next_try_at: AwareDatetime | None
    last_error: str | None
    created_at: AwareDatetime


class OutboxOut(BaseModel):
    """A page of the outbox, oldest first."""

    items: list[OutboxRowOut]
    next_cursor: str | None


class ParkedEventOut(BaseModel):
    """A fact that came before what it refers to, and waits for it."""

    queue: str
    message_id: UUID
    type: str
    waits_for: str
    parked_at: AwareDatetime


class ParkedEventsOut(BaseModel):
    """A page of them, by queue and message."""

    items: list[ParkedEventOut]
    next_cursor: str | None


def outbox_blueprint(database: Database) -> APIBlueprint:
    """The routes of a service's outbox and of its parked facts."""
    blueprint = APIBlueprint("outbox", __name__)

    @blueprint.get("/admin/outbox", responses={200: OutboxOut})
    @operators(roles=ROLES)
    def waiting(query: PageQuery) -> OutboxOut:
        """What is on its way to the broker."""
        after = read_cursor(query.cursor, int)
        rows_after = select(outbox).order_by(outbox.c.seq).limit(query.limit + 1)
        if after is not None:
            rows_after = rows_after.where(outbox.c.seq > after[0])
        with database.transaction() as session:
            rows = session.execute(rows_after).all()
        items, next_cursor = page_of(rows, query.limit, key=lambda row: (row.seq,), show=_outbox_row)
        return OutboxOut(items=items, next_cursor=next_cursor)

    @blueprint.get("/admin/parked-events", responses={200: ParkedEventsOut})
    @operators(roles=ROLES)
    def parked(query: PageQuery) -> ParkedEventsOut:
        """What came too early, and waits in the database for what it refers to."""
        after = read_cursor(query.cursor, str, UUID)
        place = tuple_(parked_events.c.queue, parked_events.c.message_id)
        rows_after = select(parked_events).order_by(place).limit(query.limit + 1)
        if after is not None:
            rows_after = rows_after.where(place > after)
        with database.transaction() as session:
            rows = session.execute(rows_after).all()
        items, next_cursor = page_of(rows, query.limit, key=lambda row: (row.queue, row.message_id), show=_parked)
        return ParkedEventsOut(items=items, next_cursor=next_cursor)

    return blueprint


def _outbox_row(row: Row[Any]) -> OutboxRowOut:
    members = {name: getattr(row, name) for name in OutboxRowOut.model_fields if name != "message"}
    return OutboxRowOut(message=shown(row.envelope), **members)


def _parked(row: Row[Any]) -> ParkedEventOut:
    return ParkedEventOut(
        queue=row.queue, message_id=row.message_id, type=row.type, waits_for=row.key, parked_at=row.parked_at
    )
