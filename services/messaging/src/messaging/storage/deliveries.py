"""Deliveries in PostgreSQL: claimed by lease, changed only by the steps that the domain allows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, literal, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from chassis import context
from chassis.bulk import BulkUpdate
from chassis.columns import EncryptedText, encrypt_text
from chassis.database import copy_rows
from messaging.application.ports import Batch, Outgoing
from messaging.domain.delivery import Channel, Delivery, DeliveryState
from messaging.domain.sender_profile import ProfileState
from messaging.storage.sender_profile_tables import sender_profiles
from messaging.storage.tables import batches, deliveries
from messaging.storage.templates import PostgresTemplates

_OF_BATCH = tuple(batches.c[field.name] for field in fields(Batch))
_PURPOSES = {
    column.name: column.type.purpose for column in deliveries.columns if isinstance(column.type, EncryptedText)
}
_CHANGING = (
    "state",
    "channel",
    "code",
    "tries",
    "next_try_at",
    "handed_over_at",
    "settled_at",
    "provider_key",
    "cost_jeon",
)
_SAVE = BulkUpdate(deliveries, keys=("id",), changing=_CHANGING)


class PostgresDeliveries:
    """`Deliveries` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, batch: Batch, rows: Sequence[Delivery]) -> bool:
        """Store a batch with its deliveries; False when it is there already."""
        row = {**_batch_values(batch), "correlation_id": context.current().correlation_id}
        statement = upsert(batches).values(row).on_conflict_do_nothing()
        if self._session.execute(statement.returning(batches.c.id)).first() is None:
            return False
        self._copy(rows)
        return True

    def add_mms(self, rows: Sequence[Delivery]) -> None:
        """Store MMSs in the place of alimtalks; the database refuses a second one for a recipient of a batch."""
        self._copy(rows)

    def mms_in_place_of(self, alimtalks: Sequence[Delivery]) -> Sequence[Delivery]:
        """The MMSs that stand in the place of these, locked."""
        if not alimtalks:
            return []
        recipients = [(alimtalk.batch_id, alimtalk.line_id) for alimtalk in alimtalks]
        of_them = tuple_(deliveries.c.batch_id, deliveries.c.line_id).in_(recipients)
        return self._locked(of_them, deliveries.c.sent_as == Channel.MMS.value)

    def claim(
        self, rows_max: int, lease: timedelta, now: datetime, sent_as: Channel = Channel.ALIMTALK
    ) -> Sequence[Outgoing]:
        """Queued deliveries of a channel that are due, oldest first, under a lease of the database's clock."""
        due = (
            select(deliveries.c.id)
            .where(
                deliveries.c.state == DeliveryState.QUEUED.value,
                deliveries.c.sent_as == sent_as.value,
                or_(deliveries.c.next_try_at.is_(None), deliveries.c.next_try_at <= now),
            )
            .order_by(deliveries.c.id)
            .limit(rows_max)
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        claimed = (
            update(deliveries)
            .where(deliveries.c.id == due.c.id)
            .values(state=DeliveryState.HANDING_OVER.value, lease_until=func.clock_timestamp() + literal(lease))
            .returning(deliveries)
        )
        found = [_delivery(row) for row in self._session.execute(claimed)]
        return self._outgoing(sorted(found, key=lambda delivery: delivery.id))

    def lock_handing_over(self, delivery_ids: Sequence[UUID]) -> Collection[UUID]:
        """Lock deliveries in the order of their ids; those of them that are being handed over still."""
        locked = select(deliveries.c.id, deliveries.c.state).where(deliveries.c.id.in_(delivery_ids))
        rows = self._session.execute(locked.order_by(deliveries.c.id).with_for_update())
        return {row.id for row in rows if row.state == DeliveryState.HANDING_OVER.value}

    def for_update(self, delivery_ids: Sequence[UUID]) -> Sequence[Delivery]:
        """Deliveries by id, locked in the order of their ids; unknown ids are left out."""
        return self._locked(deliveries.c.id.in_(delivery_ids)) if delivery_ids else []

    def abandoned(self, rows_max: int) -> Sequence[Delivery]:
        """Deliveries whose worker's lease ended in the middle of a call, locked."""
        ended = deliveries.c.lease_until < func.clock_timestamp()
        return self._locked(deliveries.c.state == DeliveryState.HANDING_OVER.value, ended, rows_max=rows_max)

    def without_report(self, handed_over_before: datetime, rows_max: int) -> Sequence[Delivery]:
        """Deliveries handed over before and not settled, locked."""
        waiting = deliveries.c.state.in_([DeliveryState.HANDED_OVER.value, DeliveryState.IN_DOUBT.value])
        return self._locked(waiting, deliveries.c.handed_over_at <= handed_over_before, rows_max=rows_max)

    def save(self, changed: Sequence[Delivery]) -> None:
        """Store the changed ones."""
        rows = [(delivery.id, *map(_delivery_values(delivery).__getitem__, _CHANGING)) for delivery in changed]
        _SAVE.execute(self._session, rows)

    def page(
        self, *, order_id: UUID | None, state: DeliveryState | None, before: UUID | None, limit: int
    ) -> Sequence[tuple[Delivery, UUID]]:
        """Deliveries with their order's id, newest first; `before` is the id that the last page ended with."""
        statement = select(deliveries, batches.c.order_id).join(batches, batches.c.id == deliveries.c.batch_id)
        if order_id is not None:
            statement = statement.where(batches.c.order_id == order_id)
        if state is not None:
            statement = statement.where(deliveries.c.state == state.value)
        if before is not None:
            statement = statement.where(deliveries.c.id < before)
        rows = self._session.execute(statement.order_by(deliveries.c.id.desc()).limit(limit))
        return [(_delivery(row), row.order_id) for row in rows]

    def batches(self, batch_ids: Iterable[UUID]) -> Mapping[UUID, Batch]:
        """The batches by id."""
        wanted = list(batch_ids)
        if not wanted:
            return {}
        rows = self._session.execute(select(*_OF_BATCH).where(batches.c.id.in_(wanted)))
        return {row.id: _batch(row) for row in rows}

    def request_of(self, order_id: UUID, chunk_no: int, wave: int) -> UUID | None:
        """The request that the batch belongs to; None when there is no such batch."""
        named = (batches.c.order_id == order_id, batches.c.chunk_no == chunk_no, batches.c.wave == wave)
        found: UUID | None = self._session.scalar(select(batches.c.correlation_id).where(*named))
        return found

    def _copy(self, rows: Sequence[Delivery]) -> None:
        if rows:
            values = [_delivery_values(delivery) for delivery in rows]
            sealed = [
                {**row, **{name: encrypt_text(_PURPOSES[name], row[name]) for name in _PURPOSES}} for row in values
            ]
            copy_rows(self._session, deliveries, list(values[0]), (list(row.values()) for row in sealed))

    def _locked(self, *which: ColumnElement[bool], rows_max: int | None = None) -> list[Delivery]:
        statement = (
            select(deliveries).where(*which).order_by(deliveries.c.id).with_for_update(skip_locked=bool(rows_max))
        )
        if rows_max is not None:
            statement = statement.limit(rows_max)
        return [_delivery(row) for row in self._session.execute(statement)]

    def _outgoing(self, claimed: Sequence[Delivery]) -> list[Outgoing]:
        of_id = self.batches({delivery.batch_id for delivery in claimed})
        templates = PostgresTemplates(self._session)
        wanted = {(batch.template_id, batch.template_version) for batch in of_id.values()}
        template_of = {key: templates.get(*key) for key in wanted}
        key_of = self._sender_keys({batch for batch in of_id.values() if batch.sender_profile_id is not None})
        return [
            Outgoing(
                delivery=delivery,
                template=template_of[batch.template_id, batch.template_version],
                send_title=batch.send_title,
                sender_key=key_of.get(batch.id),
            )
            for delivery in claimed
            for batch in (of_id[delivery.batch_id],)
        ]

    def _sender_keys(self, chosen: Collection[Batch]) -> Mapping[UUID, str]:
        """The sender keys of batches whose profile is the company's and can be used now; others go by our own."""
        if not chosen:
            return {}
        usable = select(batches.c.id, sender_profiles.c.sender_key).where(
            batches.c.id.in_([batch.id for batch in chosen]),
            sender_profiles.c.id == batches.c.sender_profile_id,
            sender_profiles.c.company_id == batches.c.company_id,
            sender_profiles.c.state == ProfileState.NORMAL.value,
        )
        return {row.id: row.sender_key for row in self._session.execute(usable)}


def _batch_values(batch: Batch) -> dict[str, Any]:
    return {column.name: getattr(batch, column.name) for column in _OF_BATCH}


def _batch(row: Row[Any]) -> Batch:
    return Batch(**row._mapping)  # noqa: SLF001 - the public name of a row's mapping


def _delivery_values(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "batch_id": delivery.batch_id,
        "line_id": delivery.line_id,
        "phone": delivery.phone,
        "text": delivery.text,
        "link": delivery.link,
        "state": delivery.state.value,
        "channel": delivery.channel.value if delivery.channel else None,
        "code": delivery.code,
        "tries": delivery.tries,
        "next_try_at": delivery.next_try_at,
        "handed_over_at": delivery.handed_over_at,
        "settled_at": delivery.settled_at,
        "provider_key": delivery.provider_key,
        "cost_jeon": delivery.cost_jeon,
        "sent_as": delivery.sent_as.value,
    }


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        batch_id=row.batch_id,
        line_id=row.line_id,
        phone=row.phone,
        text=row.text,
        link=row.link,
        state=DeliveryState(row.state),
        channel=Channel(row.channel) if row.channel else None,
        code=row.code,
        tries=row.tries,
        next_try_at=row.next_try_at,
        handed_over_at=row.handed_over_at,
        settled_at=row.settled_at,
        provider_key=row.provider_key,
        cost_jeon=row.cost_jeon,
        sent_as=Channel(row.sent_as),
    )
